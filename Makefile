# Everything runs in its own virtual environment; git, python3 and make are enough to start.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: demo test lint audit wheel reliability fuzz bench clean

demo: $(VENV)/installed  ## Install the wheel and diagnose a recorded log
	@$(BIN)/diagnoser sample_logs/modules/proxy-timeout/docker28.5-plain-mod-dial-timeout.log || test $$? -eq 1

test: $(VENV)/installed  ## Run the tests
	$(BIN)/python -m pytest

lint: $(VENV)/installed  ## Check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check diagnoser tests
	$(BIN)/mypy
	$(BIN)/lint-imports

audit: $(VENV)/installed  ## Look for known vulnerabilities in what is pinned
	@$(BIN)/python tools/audit.py

wheel: $(VENV)/installed
	$(BIN)/python -m build --wheel --outdir dist

reliability: $(VENV)/installed  ## Try hostile logs at full size, write docs/reliability.md
	$(BIN)/python tools/reliability.py

fuzz: $(VENV)/installed  ## Try inputs that nobody thought of, for a minute: make fuzz MINUTES=60
	$(BIN)/python tools/fuzz.py --minutes $(or $(MINUTES),1)

bench: $(VENV)/installed  ## Ratios against ripgrep and cat
	$(BIN)/python -m benchmarks

$(VENV)/installed: pyproject.toml requirements-dev.txt $(shell find diagnoser signatures -type f -not -name '*.pyc')
	@test -x $(BIN)/python || tools/venv.sh $(PYTHON) $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall .
	@touch $@

clean:
	rm -rf $(VENV) dist build

include lab/lab.mk
