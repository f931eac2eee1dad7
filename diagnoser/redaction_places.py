"""Where secrets stand whatever they look like: after a telling name, in a header, in an address."""

from __future__ import annotations

from typing import Final

from diagnoser.redaction_rules import BREAK, Shaped

USERINFO: Final = "//@"
"""The clue of an address with something before an `@` in its authority, which no fixed text tells."""

_WORD: Final = (
    r"(?:(?i:tokens?|secret(?:_id)?|passw(?:or)?d|passphrase|credentials?|_(?:pass|pwd|auth|pat|creds)|sonar\.login|"
    r"(?:api|access|secret|private|auth|account|encryption|signing|master|deploy|license|service|application|app|storage"
    r"|ssh)[_-]?key)|(?<![A-Za-z0-9])PAT)(?i:_?\d{1,3}|_b(?:ase)?64|_base|_value)?"
)
"""How the name of a variable, key or flag ends whose value is a secret. `PASSWORD_FILE` and `KEY_ID` end otherwise."""

STAYS: Final = (
    r"\\*\Z|\[redacted|\$[A-Za-z_{($]|\*{3}|x{4,}(?!\w)|\.{3}(?!\w)|<[\w .-]*>|%(?:\w+%|[sqv](?!\w))|\{\{|"
    r"(?i:true|false|null|none|nil|undefined|required|optional|enabled|disabled|string|yes|no)(?![\w+/=.-])|"
    r"(?:id|type|src|source|env|file)=|(?:https?|file|op|vault|arn):|(?:~|\.{1,2})/|"
    r"/(?:app|builds|data|dev|etc|github|home|kaniko|mnt|opt|proc|root|run|secrets|src|tmp|usr|var|workspace)/"
)
"""What stands in a secret's place without being one: references, masks, formats, words, mount options, URLs, paths."""

_BARE: Final = r"(?P<secret>[^\s\"'`\x1b<>]+?)(?=[;&|,)\]}\\]{0,3}(?:[\s\"'`\x1b<>]|\Z)|[;&,][\w.-]{1,40}=)"
"""Ends at white space or a quote, or before the next `key=` of a connection string or query."""

_QUOTED: Final = (
    r"(?:\"(?P<secret>(?:[^\"\\\r\n]|\\.)+)|'(?P<secret>(?:[^'\\\r\n]|\\.)+)"
    r"|\\+[\"'](?P<secret>(?:[^\"'\\\r\n]|\\(?![\\\"']))+))"
)
"""To the closing quote or the end of a cut line; the last form is a string inside a string."""

_RANDOM: Final = r"(?P<secret>(?=[^\s\"'`,;<>]{0,255}\d)[^\s\"'`,;<>\x1b]{8,})"
"""What prose does not hold: eight characters or more without white space, one of them a digit.

The digit is looked for a bounded way ahead, as is all that may fail in the middle of a word: else one word of many
beginnings takes quadratic time."""


def _later(flag: str) -> str:
    """Up to `flag` on the same line: over few words, and none is given back, so that the search stays linear."""
    return r"(?:[^\S\r\n]+(?!" + flag + r")\S+){0,12}+[^\S\r\n]+(?:" + flag + ")"


# fmt: off
PLACES: Final[tuple[Shaped, ...]] = (
    # the signature of a link into a blob store, as pulls print it
    ("signed-link", ("x-amz-s", "x-amz-c", "x-goog-", "sig=", "signature=", "verify="),
     r"(?i:[?&](?:X-Amz-(?:Signature|Credential|Security-Token)|X-Goog-(?:Signature|Credential)|sig|signature|verify)=)"
     r"(?P<secret>[^\s&\"'<>#]+)",
     "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html"),
    ("secret-token-uri", ("secret-token:",), r"(?i:secret-token:)(?P<secret>[A-Za-z0-9._~%!$&'*+=:@/-]{4,})",
     "https://www.rfc-editor.org/rfc/rfc8959"),
    # the user is the token: `https://TOKEN@`, `https://TOKEN:@`, `https://TOKEN:x-oauth-basic@`
    ("url-token", (USERINFO,),
     r"//(?P<secret>(?=[^\s/:@]*\d)[A-Za-z0-9_-]{0,64}[A-Za-z0-9]{20}[A-Za-z0-9_-]*(?=:[^\s/@]*@|@)"
     r"|[^\s/:@?#\"'`<>|,]+(?=:(?:x-oauth-basic)?@))",
     "https://docs.github.com/en/get-started/git-basics/about-remote-repositories"),
    ("url-password", (USERINFO,),
     r"//[^\s/:@?#\"'`<>\\]{0,256}:(?P<secret>(?!x-oauth-basic@)[^\s/?#\"'`<>\\]+)@",
     "https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1"),
    ("escaped-url-password", ("%3a%2f%2f",),
     r"(?i:%3A%2F%2F)[^\s%&]{0,256}(?i:%3A)(?P<secret>(?:[^\s&%]|%(?!40|2F))+)%40",
     "https://www.rfc-editor.org/rfc/rfc3986#section-2.1"),
    ("authorization", ("authorization",),
     r"(?i:\b(?:proxy-)?authorization)\\*[\"']?\s{0,8}[:=]\s{0,8}\\*[\"']?"
     r"(?:(?i:digest|aws4-hmac-sha256|negotiate)[^\S\r\n]+(?P<secret>[^\r\n]+)"
     r"|(?:[A-Za-z]{2,16}[^\S\r\n]+)?(?P<secret>(?=[^\s\"'`,;<>]{0,255}[\d=])[^\s\"'`,;<>\x1b\\]{4,}))",
     "https://www.rfc-editor.org/rfc/rfc9110#section-11.6.2"),
    ("bearer", ("bearer ", "basic "), r"(?i:\b(?:bearer|basic))[^\S\r\n]+" + _RANDOM,
     "https://www.rfc-editor.org/rfc/rfc6750"),
    ("cookie", ("cookie:",),
     r"(?i:(?<![\w-])(?:set-)?cookie):[^\S\r\n]*(?P<secret>(?=[^\r\n\"']{0,255}\d)[^\s\"'][^\r\n\"']*)",
     "https://www.rfc-editor.org/rfc/rfc6265"),
    ("netrc", ("netrc", "machine ", "login "),
     r"(?i:\blogin)[^\S\r\n]+\S+" + BREAK + r"(?i:password)[^\S\r\n]+(?P<secret>[^\s\"'`\\]+)",
     "https://everything.curl.dev/usingcurl/netrc.html"),
    ("login-flag", ("login ", "sshpass"),
     r"(?i:\b(?:login" + _later(r"-p\b|--password\b(?!-)") + r"(?:[^\S\r\n]+|=)|sshpass[^\S\r\n]+-p[^\S\r\n]*))"
     r"(?:" + _QUOTED + r"|(?P<secret>(?!-)[^\s\"'`]+))",
     "https://docs.docker.com/reference/cli/docker/login/"),
    ("curl-user", ("curl", "wget"),
     r"(?i:\b(?:curl|wget))" + _later(r"-u|--(?:proxy-)?user\b") + r"(?:[^\S\r\n]*|=)[\"']?[^\s:\"']{0,256}:"
     r"(?P<secret>[^\s\"'`]+)",
     "https://curl.se/docs/manpage.html#-u"),
    ("chpasswd", ("chpasswd",),
     r"\b(?:echo|printf)[^\S\r\n]+(?:-\w+[^\S\r\n]+)?[\"']?[\w.-]{1,64}:(?P<secret>[^\s\"'|]+)"
     r"(?=[\"']?[^\S\r\n]*\|[^\S\r\n]*(?:\S{0,64}/)?chpasswd)",
     "https://man7.org/linux/man-pages/man8/chpasswd.8.html"),
    ("piped-password", ("--password-stdin", "passwd"),
     r"\b(?:echo|printf)[^\S\r\n]+(?:-\w+[^\S\r\n]+)?(?:" + _QUOTED + r"|(?P<secret>[^\s\"'|]+))"
     r"(?=[\"']?[^\S\r\n]*\|[^\S\r\n]*(?:[^\s|&;]+[^\S\r\n]+){0,12}?(?:--password-stdin|passwd)(?![\w-]))",
     "https://docs.docker.com/reference/cli/docker/login/#password-stdin"),
    ("openssl-pass", ("pass:",), r"(?i:\s-pass(?:in|out)?[^\S\r\n]+)[\"']?pass:(?P<secret>[^\s\"'`]+)",
     "https://docs.openssl.org/master/man1/openssl-passphrase-options/"),
    ("token-header", ("-token", "-key", "-secret", "-api", "-auth"),
     r"(?i:(?<![\w-])(?:private-token|job-token|deploy-token|api-key|x-[a-z0-9-]{0,64}(?:token|key|secret|api|auth)))"
     r"\\*[\"']?\s{0,8}:\s{0,8}\\*[\"']?" + _RANDOM,
     "https://docs.gitlab.com/api/rest/authentication/"),
    ("docker-auth", ('"auth', 'auth\\"'), r"\\*\"auth\\*\"\s{0,8}:\s{0,8}\\*\"(?P<secret>[^\s\\\"]+)",
     "https://github.com/docker/cli/blob/master/cli/config/types/authconfig.go"),
    # `ENV NAME value`, the form without `=`
    ("env-instruction", ("_token ", "_secret ", "_password ", "_passwd ", "_pass ", "_key ", "env token ",
                         "env secret ", "env password "),
     r"(?i:\bENV)[^\S\r\n]+[\w.-]{0,64}?" + _WORD + r"[^\S\r\n]+(?:" + _QUOTED + r"|(?P<secret>[^\s\"'=][^\r\n]*))",
     "https://docs.docker.com/reference/dockerfile/#env"),
    # `--api-token value`: a digit tells it from prose about the flag, or that the command ends or goes on with a flag
    ("secret-flag", ("-token ", "-secret ", "-password ", "-passphrase ", "-key "),
     r"(?<![\w-])--(?:[\w-]{0,64}-)?" + _WORD + r"[^\S\r\n]+(?:" + _QUOTED + "|" + _RANDOM
     + r"|(?P<secret>[^\s\"'`|&;<>-][^\s\"'`|&;<>]{0,255}+)(?=[^\S\r\n]*(?:[\r\n\"'|&;>\\]|\Z|[^\S\r\n]-)))",
     "https://docs.docker.com/reference/cli/docker/login/"),
    # `npm config set //registry/:_authToken value`
    ("config-set", (" set ",),
     r"(?i:\bconfig(?:ure)?[^\S\r\n]+set[^\S\r\n]+)[^\s=]{0,256}?" + _WORD
     + r"[^\S\r\n]+(?:" + _QUOTED + r"|(?P<secret>[^\s\"'`|&;]+))",
     "https://docs.npmjs.com/cli/commands/npm-config"),
    ("xml", ("password>", "passphrase>", "token>", "secret>", "apikey>", "password\" value", "token\" value"),
     r"(?i:<(?:password|passphrase|\w{0,64}token|\w{0,64}secret|apikey)>|(?:password|token)\"\s{1,8}value=\")"
     r"(?P<secret>[^\s<\"][^<\"\r\n]*)",
     "https://maven.apache.org/settings.html#Servers"),
    # NAME=value, "name": "value", name = "value", NAME: value
    ("assignment", ("token", "secret", "passw", "passphrase", "credential", "key=", 'key"', "key'", "key\\", "key:",
                    "key =", "key :", "_pass", "_pwd", "_auth", "_creds", "pat=", 'pat"', "pat:", "_key_",
                    "sonar.login"),
     _WORD + r"(?:=" + _BARE
     + r"|(?:=|\\*[\"']\s{0,8}(?::|=>|=)\s{0,8}|[^\S\r\n]{1,8}:?=[^\S\r\n]{1,8})" + _QUOTED
     # `unexpected token: "}"` is prose
     + r"|(?<!(?i:token|tokens)):[^\S\r\n]{1,8}" + _QUOTED
     + r"|(?:[^\S\r\n]{1,8}:?=|:)[^\S\r\n]{1,8}[\"']?" + _RANDOM + r"(?=[\"']?[^\S\r\n]*(?:[\r\n]|\Z)))",
     "https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/"),
)
# fmt: on
