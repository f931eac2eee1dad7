# The lab: real engines and Go releases that are made to fail (lab/README.md). The top-level Makefile includes this.
PYTHON ?= python3
LAB = $(PYTHON) -m lab

.PHONY: lab lab-ci record lab-list
lab:            ## run every scenario and check every verdict
	$(LAB) check
lab-ci:         ## the selection for CI: at most 8 minutes with everything that has to be downloaded
	$(LAB) check --ci
record:         ## write recordings: make record S=area/slug/variant [ON=docker26.1-plain]
	$(LAB) record $(S) --on "$(ON)"
lab-list:       ## all scenarios and what they run on
	$(LAB) list
