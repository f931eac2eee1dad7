"""What secrets look like: the data of `redact`.

A tuple of constants, because that is what loads fastest: the interpreter unmarshals it with the module, while the same
rules as TOML would have to be parsed in every run. Nothing here is compiled before a clue of the rule is met.

A body states the alphabet a provider issues and the least length that is worth hiding, not the exact length: lengths
change without notice, and a token that a log has cut is still a secret. `source` is where the provider describes the
credential; a format that only its generator's source gives is cited there.
"""

from __future__ import annotations

from typing import Final, TypeAlias

Prefixed: TypeAlias = tuple[str, tuple[str, ...], str, str]
"""Name, prefixes, pattern of what follows a prefix, source."""

Shaped: TypeAlias = tuple[str, tuple[str, ...], str, str]
"""Name, clues in lower case of which the text holds one, pattern whose group `secret` is hidden unless `STAYS` tells
that it is none, source."""

SHORTEST: Final = 20
"""Characters of the shortest token of `PREFIXED`: shorter words need not be searched for a prefix."""

REST: Final = "[0-9A-Za-z_-]*+"
"""What still belongs to a token that is longer than its format says."""

USERINFO: Final = "//@"
"""The clue of an address with something before an `@` in its authority, which no fixed text tells."""

_HEX_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

# fmt: off
PREFIXED: Final[tuple[Prefixed, ...]] = (
    ("1password", ("ops_eyJ",), r"[A-Za-z0-9+/=_-]{40,}",
     "https://developer.1password.com/docs/service-accounts/"),
    ("1password-secret-key", ("A3-",), r"[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}",
     "https://support.1password.com/secret-key/"),
    ("adafruit", ("aio_",), r"[A-Za-z0-9]{28}",
     "https://io.adafruit.com/api/docs/"),
    ("adobe", ("p8e-",), r"[A-Za-z0-9_-]{32,}",
     "https://developer.adobe.com/developer-console/docs/guides/authentication/"),
    ("age", ("AGE-SECRET-KEY-",), r"[0-9A-Z-]{20,}",
     "https://github.com/C2SP/C2SP/blob/main/age.md"),
    ("alibaba-cloud", ("LTAI",), r"[A-Za-z0-9]{16,}",
     "https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair"),
    ("anthropic", ("sk-ant-",), r"[A-Za-z0-9_-]{20,}",
     "https://docs.anthropic.com/en/api/overview"),
    ("apify", ("apify_api_",), r"[A-Za-z0-9-]{20,}",
     "https://docs.apify.com/integrations/api"),
    ("artifactory", ("AKCp", "cmVmdGtu"), r"[A-Za-z0-9]{40,}",
     "https://docs.jfrog.com/user-management/docs/identity-tokens"),
    ("atlassian", ("ATATT3", "ATCTT3"), r"[A-Za-z0-9+/_=.-]{20,}",
     "https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/"),
    ("aws-access-key-id", ("AKIA", "ASIA", "ABIA", "ACCA"), r"[A-Z0-9]{16}(?![A-Za-z0-9])",
     "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"),
    ("aws-session-token", ("IQoJb3JpZ2lu", "FwoGZXIvYXdz"), r"[A-Za-z0-9+/=%]{40,}",
     "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html"),
    ("aws-bedrock", ("ABSK", "bedrock-api-key-"), r"[A-Za-z0-9+/=]{60,}",
     "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html"),
    ("bitbucket", ("ATBB", "BBDC-"), r"[A-Za-z0-9+/_=.@-]{20,}",
     "https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/"),
    ("brevo", ("xkeysib-", "xsmtpsib-"), r"[0-9a-f]{32,}(?:-[A-Za-z0-9]+)?",
     "https://developers.brevo.com/docs/getting-started"),
    ("buildkite", ("bkua_", "bkaa_", "bkaj_", "bkct_", "bkpt_"), r"[A-Za-z0-9_-]{20,}",
     "https://buildkite.com/docs/platform/security/tokens"),
    ("circleci", ("CCIPAT_", "CCIPRJ_"), r"[A-Za-z0-9_]{20,}",
     "https://circleci.com/changelog/new-format-for-api-access-tokens/"),
    ("clojars", ("CLOJARS_",), r"[A-Za-z0-9]{40,}",
     "https://github.com/clojars/clojars-web/blob/main/src/clojars/db.clj"),
    ("cloudflare", ("cfk_", "cfut_", "cfat_"), r"[A-Za-z0-9]{32,}",
     "https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/"),
    ("cloudflare-origin-ca", ("v1.0-",), r"[0-9a-f]{24}-[0-9a-f]{60,}",
     "https://developers.cloudflare.com/fundamentals/api/get-started/ca-keys/"),
    ("confluent", ("cflt",), r"[A-Za-z0-9+/]{60}",
     "https://docs.confluent.io/cloud/current/security/authenticate/workload-identities/service-accounts/api-keys/"),
    ("contentful", ("CFPAT-",), r"[A-Za-z0-9_-]{30,}",
     "https://www.contentful.com/developers/docs/references/authentication/"),
    ("crates-io", ("cio",), r"[A-Za-z0-9]{32}(?![A-Za-z0-9])",
     "https://doc.rust-lang.org/cargo/reference/publishing.html"),
    ("databricks", ("dapi",), r"[0-9a-f]{32}(?:-\d)?",
     "https://docs.databricks.com/aws/en/dev-tools/auth/pat"),
    ("defined-networking", ("dnkey-",), r"[A-Za-z0-9=_-]{40,}",
     "https://docs.defined.net/guides/automating-host-creation/"),
    ("digitalocean", ("dop_v1_", "doo_v1_", "dor_v1_"), r"[0-9a-f]{32,}",
     "https://docs.digitalocean.com/reference/api/create-personal-access-token/"),
    ("docker-hub", ("dckr_pat_", "dckr_oat_"), r"[A-Za-z0-9_-]{16,}",
     "https://docs.docker.com/security/access-tokens/"),
    ("doppler", ("dp.pt.", "dp.ct.", "dp.st.", "dp.sa.", "dp.said.", "dp.scim.", "dp.audit."), r"[A-Za-z0-9._-]{20,}",
     "https://docs.doppler.com/reference/auth-token-formats"),
    ("dropbox", ("sl.u.", "sl.B"), r"[A-Za-z0-9_-]{100,}",
     "https://developers.dropbox.com/oauth-guide"),
    ("duffel", ("duffel_test_", "duffel_live_"), r"[A-Za-z0-9_=-]{30,}",
     "https://duffel.com/docs/api/overview/making-requests"),
    ("dynatrace", ("dt0c01.", "dt0s01.", "dt0s02.", "dt0s06.", "dt0s16."), r"[A-Za-z0-9-]{8,}\.[A-Za-z0-9]{32,}",
     "https://docs.dynatrace.com/docs/dynatrace-api/basics/dynatrace-api-authentication"),
    ("easypost", ("EZAK", "EZTK"), r"[A-Za-z0-9]{54}",
     "https://docs.easypost.com/docs/authentication"),
    ("facebook", ("EAA",), r"[A-Za-z0-9]{90,}",
     "https://developers.facebook.com/docs/facebook-login/guides/access-tokens"),
    ("figma", ("figd_", "figp_"), r"[A-Za-z0-9_=-]{30,}",
     "https://developers.figma.com/docs/rest-api/personal-access-tokens/"),
    ("flutterwave", ("FLWSECK-", "FLWSECK_TEST-"), r"[0-9a-zA-Z-]{12,}",
     "https://developer.flutterwave.com/docs/authentication"),
    ("fly", ("fo1_", "fm1r_", "fm1a_", "fm2_"), r"[A-Za-z0-9+/=_-]{40,}",
     "https://fly.io/docs/security/tokens/"),
    ("frame-io", ("fio-u-",), r"[A-Za-z0-9_=-]{40,}",
     "https://developer.frame.io/docs/getting-started/authentication"),
    ("gcp-api-key", ("AIza",), r"[A-Za-z0-9_-]{35}",
     "https://cloud.google.com/docs/authentication/api-keys"),
    ("google-oauth", ("ya29.", "GOCSPX-", "1//0"), r"[A-Za-z0-9_-]{24,}",
     "https://developers.google.com/identity/protocols/oauth2"),
    # the dots are those of the stateless installation tokens: https://github.blog/changelog/2026-05-15-github-app-…
    ("github", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"[A-Za-z0-9_.-]{16,}",
     "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github"),
    ("github", ("github_pat_",), r"[A-Za-z0-9_]{16,}",
     "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github"),
    ("gitlab", ("glpat-", "gldt-", "glrt-", "glrtr-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-", "gloas-",
                "glsoat-", "glffct-", "GR1348941", "_gitlab_session="), r"[A-Za-z0-9_.-]{16,}",
     "https://docs.gitlab.com/security/tokens/"),
    ("grafana", ("glsa_", "glc_", "eyJrIjoi"), r"[A-Za-z0-9+/_=-]{32,}",
     "https://grafana.com/docs/grafana/latest/administration/service-accounts/"),
    ("groq", ("gsk_",), r"[A-Za-z0-9]{40,}",
     "https://console.groq.com/docs/production-readiness/security-onboarding"),
    ("harness", ("pat.", "sat."), r"[A-Za-z0-9_-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}",
     "https://developer.harness.io/docs/platform/automation/api/add-and-manage-api-keys/"),
    ("hashicorp-vault", ("hvs.", "hvb.", "hvr."), r"[A-Za-z0-9_.-]{20,}",
     "https://developer.hashicorp.com/vault/docs/concepts/tokens"),
    ("heroku", ("HRKU-",), r"[A-Za-z0-9_-]{36,}",
     "https://devcenter.heroku.com/articles/authentication"),
    ("hubspot", ("pat-na", "pat-eu", "pat-ap"), r"\d-" + _HEX_UUID,
     "https://developers.hubspot.com/docs/apps/legacy-apps/private-apps/overview"),
    ("hugging-face", ("hf_", "api_org_"), r"[A-Za-z0-9]{30,}",
     "https://huggingface.co/docs/hub/security-tokens"),
    ("infracost", ("ico-",), r"[A-Za-z0-9]{32}",
     "https://www.infracost.io/docs/"),
    ("langsmith", ("lsv2_pt_", "lsv2_sk_"), r"[0-9a-f_]{32,}",
     "https://docs.langchain.com/langsmith/administration-overview"),
    ("linear", ("lin_api_", "lin_oauth_"), r"[A-Za-z0-9]{16,}",
     "https://linear.app/changelog/2021-08-19-github-secret-scanning"),
    ("mailgun", ("key-",), r"[0-9a-f]{32}(?![0-9a-f])",
     "https://documentation.mailgun.com/docs/mailgun/api-reference/mg-auth"),
    ("mapbox", ("sk.eyJ",), r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{20,}",
     "https://docs.mapbox.com/api/accounts/tokens/"),
    ("mongodb-atlas", ("mdb_sa_sk_",), r"[A-Za-z0-9_-]{20,}",
     "https://www.mongodb.com/docs/atlas/api/service-accounts-overview/"),
    ("neon", ("napi_",), r"[a-z0-9]{40,}",
     "https://neon.com/docs/manage/api-keys"),
    ("netlify", ("nfp_", "nfc_", "nfo_", "nfu_", "nfb_"), r"[A-Za-z0-9_]{36,}",
     "https://docs.netlify.com/api/get-started/"),
    ("new-relic", ("NRAK-", "NRII-", "NRIQ-", "NRRA-", "NRJS-"), r"[A-Za-z0-9_-]{19,}",
     "https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/"),
    ("notion", ("ntn_", "secret_"), r"[A-Za-z0-9]{40,}",
     "https://developers.notion.com/page/changelog"),
    ("npm", ("npm_",), r"[A-Za-z0-9]{30,}",
     "https://docs.npmjs.com/about-access-tokens"),
    ("nuget", ("oy2",), r"[a-z0-9]{43}",
     "https://github.com/NuGet/NuGetGallery/blob/main/src/NuGetGallery.Services/Authentication/ApiKeyV4.cs"),
    ("nvidia-ngc", ("nvapi-",), r"[A-Za-z0-9_-]{40,}",
     "https://docs.nvidia.com/ngc/latest/ngc-user-guide.html"),
    ("octopus", ("API-",), r"[A-Z0-9]{25,}",
     "https://octopus.com/docs/octopus-rest-api/how-to-create-an-api-key"),
    ("openai", ("sk-proj-", "sk-svcacct-", "sk-admin-", "sk-service-", "sk-None-"), r"[A-Za-z0-9_-]{20,}",
     "https://platform.openai.com/docs/api-reference/authentication"),
    ("openrouter", ("sk-or-v1-",), r"[0-9a-f]{32,}",
     "https://openrouter.ai/docs/guides/features/guardrails/secret-formats"),
    ("openshift", ("sha256~",), r"[A-Za-z0-9_-]{43}",
     "https://github.com/openshift/oauth-server/blob/master/pkg/osinserver/tokengen.go"),
    ("perplexity", ("pplx-",), r"[A-Za-z0-9]{40,}",
     "https://docs.perplexity.ai/guides/api-key-management"),
    ("pinecone", ("pcsk_",), r"[A-Za-z0-9]{5,6}_[A-Za-z0-9]{40,}",
     "https://docs.pinecone.io/reference/cli/command-reference"),
    ("plaid", ("access-sandbox-", "access-development-", "access-production-"), _HEX_UUID,
     "https://plaid.com/docs/api/tokens/"),
    ("planetscale", ("pscale_tkn_", "pscale_oauth_", "pscale_pw_"), r"[A-Za-z0-9_.=-]{32,}",
     "https://planetscale.com/docs/api/reference/service-tokens"),
    ("posthog", ("phx_",), r"[A-Za-z0-9]{40,}",
     "https://github.com/PostHog/posthog/blob/master/posthog/models/utils.py"),
    ("postman", ("PMAK-",), r"[0-9a-fA-F]{24}-[0-9a-fA-F]{20,}",
     "https://learning.postman.com/docs/developer/postman-api/authentication/"),
    ("prefect", ("pnu_", "pnb_"), r"[A-Za-z0-9]{36}",
     "https://docs.prefect.io/v3/how-to-guides/cloud/manage-users/api-keys"),
    ("pulumi", ("pul-",), r"[0-9a-f]{40}",
     "https://www.pulumi.com/docs/administration/access-identity/access-tokens/"),
    ("pypi", ("pypi-Ag",), r"[A-Za-z0-9_-]{40,}",
     "https://github.com/pypi/warehouse/blob/main/warehouse/macaroons/services.py"),
    ("readme", ("rdme_",), r"[a-z0-9]{50,}",
     "https://docs.readme.com/main/reference/authentication"),
    ("render", ("rnd_",), r"[A-Za-z0-9]{28,}",
     "https://render.com/docs/api"),
    ("replicate", ("r8_",), r"[A-Za-z0-9]{37,}",
     "https://replicate.com/docs/topics/security/api-tokens"),
    ("rootly", ("rootly_",), r"[0-9a-f]{40,}",
     "https://docs.rootly.com/api-reference/overview"),
    ("rubygems", ("rubygems_",), r"[0-9a-f]{32,}",
     "https://github.com/rubygems/rubygems.org/blob/master/app/controllers/concerns/api_keyable.rb"),
    ("scalingo", ("tk-us-",), r"[A-Za-z0-9_-]{40,}",
     "https://developers.scalingo.com/tokens"),
    ("sendgrid", ("SG.",), r"[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{20,}",
     "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys"),
    ("sentry", ("sntrys_", "sntryu_", "sntryi_"), r"[A-Za-z0-9+/=_-]{32,}",
     "https://docs.sentry.io/account/auth-tokens/"),
    ("shippo", ("shippo_live_", "shippo_test_"), r"[0-9a-fA-F]{32,}",
     "https://docs.goshippo.com/docs/guides_general/authentication/"),
    ("shopify", ("shpat_", "shpca_", "shppa_", "shpss_"), r"[0-9a-fA-F]{32}",
     "https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens"),
    ("slack", ("xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxo-", "xoxe-", "xoxe.", "xapp-", "xwfp-"),
     r"[A-Za-z0-9.-]{16,}",
     "https://docs.slack.dev/authentication/tokens/"),
    ("sonarqube", ("squ_", "sqa_", "sqp_", "sqco_"), r"[A-Za-z0-9]{40,}",
     "https://docs.sonarsource.com/sonarqube-server/latest/user-guide/managing-tokens/"),
    ("sourcegraph", ("sgp_", "sgd_", "slk_", "sgs_"), r"(?:local_|[0-9a-fA-F]{16}_)?[0-9a-fA-F]{40,}",
     "https://github.com/sourcegraph/openapi/blob/main/openapi.SourcegraphInternal.Latest.yaml"),
    ("square", ("sq0atp-", "sq0csp-", "sq0csb-"), r"[A-Za-z0-9_-]{22,}",
     "https://developer.squareup.com/docs/build-basics/access-tokens"),
    ("square", ("EAAA",), r"[A-Za-z0-9_-]{55,}",
     "https://developer.squareup.com/docs/build-basics/access-tokens"),
    ("stripe", ("sk_live_", "sk_test_", "rk_live_", "rk_test_", "sk_org_", "whsec_"), r"[A-Za-z0-9+/=_]{16,}",
     "https://docs.stripe.com/keys"),
    ("supabase", ("sbp_", "sb_secret_"), r"[A-Za-z0-9_-]{20,}",
     "https://supabase.com/docs/guides/getting-started/api-keys"),
    ("tailscale", ("tskey-",), r"[A-Za-z0-9_-]{16,}",
     "https://tailscale.com/kb/1277/key-prefixes"),
    ("tencent-cloud", ("AKID",), r"[A-Za-z0-9]{32}",
     "https://www.tencentcloud.com/document/product/598/32675"),
    ("typeform", ("tfp_",), r"[A-Za-z0-9_.=-]{40,}",
     "https://www.typeform.com/developers/get-started/personal-access-token/"),
    ("vercel", ("vcp_", "vci_", "vca_", "vcr_", "vck_"), r"[A-Za-z0-9]{20,}",
     "https://vercel.com/changelog/new-token-formats-and-secret-scanning"),
    ("wakatime", ("waka_",), _HEX_UUID,
     "https://github.com/wakatime/wakatime-cli/blob/develop/pkg/params/params.go"),
    ("weights-and-biases", ("wandb_v1_",), r"[A-Za-z0-9_]{40,}",
     "https://docs.wandb.ai/platform/hosting/iam/api-keys"),
    ("xai", ("xai-",), r"[A-Za-z0-9_]{60,}",
     "https://docs.x.ai/developers/rest-api-reference/management/auth"),
    ("yandex-cloud", ("AQVN", "y0_"), r"[A-Za-z0-9_-]{35,}",
     "https://yandex.cloud/en/docs/iam/concepts/authorization/api-key"),
    ("zuplo", ("zpka_",), r"[a-z0-9]{32}_[0-9a-f]{8}",
     "https://zuplo.com/blog/api-key-authentication"),
)
# fmt: on

_WORD: Final = (
    r"(?i:tokens?|secret|passw(?:or)?d|passphrase|(?:api|access|secret|private|auth|account|encryption|signing|master|"
    r"deploy|license|service|application|app|storage)[_-]?key|credentials?|_(?:pass|pwd|auth|pat|creds)"
    r")(?i:_?\d{1,3}|_b(?:ase)?64|_base|_value)?"
)
"""How the name of a variable, key or flag ends whose value is a secret. `PASSWORD_FILE` and `KEY_ID` end otherwise."""

STAYS: Final = (
    r"\\*\Z|\[redacted|\$[A-Za-z_{($]|\*{3}|x{4,}(?!\w)|\.{3}(?!\w)|<[\w .-]*>|%(?:\w+%|[sqv](?!\w))|\{\{|"
    r"(?i:true|false|null|none|nil|undefined|required|optional|enabled|disabled|yes|no)(?![\w+/=.-])|"
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

_RANDOM: Final = r"(?P<secret>(?=[^\s\"'`,;<>]*\d)[^\s\"'`,;<>\x1b]{8,})"
"""What prose does not hold: eight characters or more without white space, one of them a digit."""


def _later(flag: str) -> str:
    """Up to `flag` on the same line: over few words, and none is given back, so that the search stays linear."""
    return r"(?:[^\S\r\n]+(?!" + flag + r")\S+){0,12}+[^\S\r\n]+(?:" + flag + ")"


_BREAK: Final = r"(?:\\[nr]|\s)+(?:#\d+ [\d.]+ )?"
"""A line break inside a key, escaped or real, and BuildKit's prefix on the next line."""

# fmt: off
SHAPED: Final[tuple[Shaped, ...]] = (
    ("private-key", ("private key",),
     r"-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----"
     r"(?:(?P<secret>[^-]*+(?:-(?!----)[^-]*+)*+)(?=-----END)|(?P<secret>(?:" + _BREAK + r"[A-Za-z0-9+/=]{16,76})+))",
     "https://www.rfc-editor.org/rfc/rfc7468"),
    # the rest of a key whose beginning was cut off
    ("private-key", ("private key",),
     r"(?<![A-Za-z0-9+/=])(?P<secret>[A-Za-z0-9+/=]{60,76}+(?:" + _BREAK + r"[A-Za-z0-9+/=]{4,76}+){0,255}+)"
     r"(?=" + _BREAK + r"-----END (?:[A-Z0-9]+ ){0,4}PRIVATE KEY)",
     "https://www.rfc-editor.org/rfc/rfc7468"),
    ("airtable", ("airtable",), r"(?<![A-Za-z0-9])(?P<secret>pat[A-Za-z0-9]{14}\.[0-9a-f]{64}" + REST + r")",
     "https://airtable.com/developers/web/guides/personal-access-tokens"),
    ("azure-container-registry", ("+acr",),
     r"(?<![A-Za-z0-9+/])(?P<secret>[A-Za-z0-9+/]{42}\+ACR[A-Za-z0-9]{6}" + REST + r")",
     "https://learn.microsoft.com/en-us/purview/sit-defn-azure-container-registry-access-key"),
    ("azure-devops", ("azdo",), r"(?<![A-Za-z0-9])(?P<secret>[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}" + REST + r")",
     "https://learn.microsoft.com/en-us/purview/sit-defn-azure-devops-personal-access-token"),
    ("azure-entra", ("q~",), r"(?<![\w~.-])(?P<secret>[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}" + REST + r")",
     "https://learn.microsoft.com/en-us/purview/sit-defn-azure-ad-client-secret"),
    ("azure-storage", ("accountkey", "sharedaccesskey"),
     r"(?i:(?:account|sharedaccess)key)\s{0,8}=\s{0,8}(?P<secret>[A-Za-z0-9+/]{43,86}={0,2}" + REST + r")",
     "https://learn.microsoft.com/en-us/purview/sit-defn-azure-storage-account-key"),
    ("datadog", ("dd_a", "dd-a"),
     r"(?i:\bdd[_-](?:api|app|application)[_-]key)\\*[\"']?\s{0,8}[:=]\s{0,8}\\*[\"']?"
     r"(?P<secret>[0-9a-fA-F]{32,40}" + REST + r")",
     "https://docs.datadoghq.com/account_management/api-app-keys/"),
    ("discord", ("/webhooks/",), r"/webhooks/\d+/(?P<secret>[A-Za-z0-9_-]{40,})",
     "https://docs.discord.com/developers/resources/webhook"),
    ("discord", ("discord", "bot "),
     r"(?<![\w.-])(?P<secret>[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}" + REST + r")",
     "https://docs.discord.com/developers/reference"),
    ("hashicorp-vault-legacy", ("vault",), r"(?<![\w.])(?P<secret>s\.(?=[A-Za-z]{0,23}\d)[A-Za-z0-9]{24})(?![\w.])",
     "https://developer.hashicorp.com/vault/docs/concepts/tokens"),
    ("launchdarkly", ("launchdarkly",), r"(?<![\w-])(?P<secret>(?:sdk|api)-" + _HEX_UUID + REST + r")",
     "https://launchdarkly.com/docs/home/account/api"),
    ("mailchimp", ("mailchimp", "mandrill"), r"(?<![0-9a-fA-F])(?P<secret>[0-9a-f]{32}-us\d{1,2})(?!\w)",
     "https://mailchimp.com/developer/marketing/guides/quick-start/"),
    ("maxmind", ("_mmk",), r"(?<![A-Za-z0-9])(?P<secret>[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk" + REST + r")",
     "https://dev.maxmind.com/minfraud/release-notes/2023/"),
    ("microsoft-teams", ("webhook.office.com",), r"webhook\.office\.com/webhookb2/(?P<secret>[^\s\"'<>]{20,})",
     "https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook"),
    ("new-relic", ("nral",), r"(?<![0-9a-f])(?P<secret>[0-9a-f]{32,36}(?:FFFF)?NRAL" + REST + r")",
     "https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/"),
    ("okta", ("ssws ",), r"(?i:\bSSWS)[^\S\r\n]+(?P<secret>[A-Za-z0-9_-]{30,})",
     "https://developer.okta.com/docs/guides/create-an-api-token/main/"),
    ("openai", ("t3blbkfj",), r"(?<![A-Za-z0-9])(?P<secret>sk-[A-Za-z0-9_-]*T3BlbkFJ[A-Za-z0-9_-]*)",
     "https://platform.openai.com/docs/api-reference/authentication"),
    ("resend", ("resend",), r"(?<![A-Za-z0-9])(?P<secret>re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}" + REST + r")",
     "https://resend.com/docs/api-reference/api-keys/create-api-key"),
    ("slack", ("hooks.slack",),
     r"hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/(?P<secret>[A-Za-z0-9+/]{16,}" + REST + r")",
     "https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/"),
    ("telegram", (":aa",), r"(?<![\w:-])(?:bot)?(?P<secret>\d{8,12}:AA[A-Za-z0-9_-]{32,})",
     "https://core.telegram.org/bots/api#authorizing-your-bot"),
    ("terraform-cloud", (".atlasv1.",), r"(?<![A-Za-z0-9])(?P<secret>[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{40,})",
     "https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens"),
    ("twilio", ("twilio",), r"(?<![A-Za-z0-9])(?P<secret>SK[0-9a-f]{32})(?![A-Za-z0-9])",
     "https://www.twilio.com/docs/iam/api-keys"),
    ("jwt", ("eyj",), r"(?<![A-Za-z0-9_-])(?P<secret>eyJ[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*)+)",
     "https://www.rfc-editor.org/rfc/rfc7519"),
)

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
     r"|(?:[A-Za-z]{2,16}[^\S\r\n]+)?(?P<secret>(?=[^\s\"'`,;<>]*[\d=])[^\s\"'`,;<>\x1b\\]{4,}))",
     "https://www.rfc-editor.org/rfc/rfc9110#section-11.6.2"),
    ("bearer", ("bearer ", "basic "), r"(?i:\b(?:bearer|basic))[^\S\r\n]+" + _RANDOM,
     "https://www.rfc-editor.org/rfc/rfc6750"),
    ("cookie", ("cookie:",),
     r"(?i:(?<![\w-])(?:set-)?cookie):[^\S\r\n]*(?P<secret>(?=[^\r\n\"']*\d)[^\s\"'][^\r\n\"']*)",
     "https://www.rfc-editor.org/rfc/rfc6265"),
    ("netrc", ("netrc", "machine ", "login "),
     r"(?i:\blogin)[^\S\r\n]+\S+" + _BREAK + r"(?i:password)[^\S\r\n]+(?P<secret>[^\s\"'`\\]+)",
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
    ("token-header", ("-token", "-key", "-secret", "-api"),
     r"(?i:(?<![\w-])(?:private-token|job-token|deploy-token|api-key|x-[a-z0-9-]{0,64}(?:token|key|secret|api)))"
     r"\\*[\"']?\s{0,8}:\s{0,8}\\*[\"']?" + _RANDOM,
     "https://docs.gitlab.com/api/rest/authentication/"),
    ("docker-auth", ('"auth', 'auth\\"'), r"\\*\"auth\\*\"\s{0,8}:\s{0,8}\\*\"(?P<secret>[^\s\\\"]+)",
     "https://github.com/docker/cli/blob/master/cli/config/types/authconfig.go"),
    # `ENV NAME value`, the form without `=`
    ("env-instruction", ("_token ", "_secret ", "_password ", "_passwd ", "_pass ", "_key ", "env token ",
                         "env secret ", "env password "),
     r"(?i:\bENV)[^\S\r\n]+[\w.-]{0,64}?" + _WORD + r"[^\S\r\n]+(?:" + _QUOTED + r"|(?P<secret>[^\s\"'=][^\r\n]*))",
     "https://docs.docker.com/reference/dockerfile/#env"),
    # `--api-token value`: a digit tells it from prose about the flag
    ("secret-flag", ("-token ", "-secret ", "-password ", "-passphrase ", "-key "),
     r"(?<![\w-])--(?:[\w-]{0,64}-)?" + _WORD + r"[^\S\r\n]+[\"']?" + _RANDOM,
     "https://docs.docker.com/reference/cli/docker/login/"),
    # NAME=value, "name": "value", name = "value", NAME: value
    ("assignment", ("token", "secret", "passw", "passphrase", "credential", "key=", 'key"', "key'", "key\\", "key:",
                    "key =", "key :", "_pass", "_pwd", "_auth", "_creds", "_pat=", '_pat"', "_pat:", "_key_"),
     _WORD + r"(?:=" + _BARE
     + r"|(?:=|\\*[\"']\s{0,8}(?::|=>|=)\s{0,8}|[^\S\r\n]{1,8}:?=[^\S\r\n]{1,8})" + _QUOTED
     + r"|(?:[^\S\r\n]{1,8}:?=|:)[^\S\r\n]{1,8}[\"']?" + _RANDOM + r"(?=[\"']?[^\S\r\n]*(?:[\r\n]|\Z)))",
     "https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/"),
)
# fmt: on
