# The lab: real engines and Go releases that are made to fail (lab/README.md). The top-level Makefile includes this.
LAB = $(BIN)/python -m lab

.PHONY: lab lab-ci lab-fix record lab-list replay
lab: $(VENV)/lab       ## Run every scenario and check every verdict
	$(LAB) check
lab-ci: $(VENV)/lab    ## The selection for CI: at most 8 minutes with all that has to be downloaded
	$(LAB) check --ci
record: $(VENV)/lab    ## Write recordings: make record S=area/slug/variant [ON=docker26.1-plain]
	$(LAB) record "$(S)" --on "$(ON)"
replay: $(VENV)/lab    ## Check the verdicts over the recordings that are there, without running anything
	$(LAB) replay
lab-fix: $(VENV)/lab   ## Prove remedies: make lab-fix [S=area/slug] [KEEP=--keep], which writes lab/proven.toml
	$(LAB) prove --name "$(S)" $(KEEP)
lab-list: $(VENV)/lab  ## All scenarios and what they run on
	$(LAB) list

$(VENV)/lab: lab/requirements.txt $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r lab/requirements.txt
	@touch $@
