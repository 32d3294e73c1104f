# Two commands do everything: `make demo` and `make test`. Both make their own .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := house-price unwell
QUIZ := tea
FORMATS := pdf tex html json

.PHONY: demo test bench published pictures check clean

demo: $(VENV)/.installed
	@mkdir -p out
	@for name in $(DEMO); do for format in $(FORMATS); do \
	  echo "handcalc solve examples/$$name.yaml -o out/$$name-key.$$format"; \
	  $(BIN)/handcalc solve examples/$$name.yaml -o out/$$name-key.$$format || exit 1; \
	done; \
	  echo "handcalc sheet examples/$$name.yaml -o out/$$name-sheet.pdf --answers out/$$name-answers.pdf"; \
	  $(BIN)/handcalc sheet examples/$$name.yaml -o out/$$name-sheet.pdf --answers out/$$name-answers.pdf || exit 1; \
	done
	@echo "handcalc quiz examples/packs/$(QUIZ).yaml -n 4 -o out/$(QUIZ)-pack --force"
	@$(BIN)/handcalc quiz examples/packs/$(QUIZ).yaml -n 4 -o out/$(QUIZ)-pack --force
	@echo "handcalc check out/$(QUIZ)-pack examples/answers/$(QUIZ).csv -o out/$(QUIZ)-marks"
	@$(BIN)/handcalc check out/$(QUIZ)-pack examples/answers/$(QUIZ).csv -o out/$(QUIZ)-marks
	@ls -l out out/$(QUIZ)-pack out/$(QUIZ)-marks

test: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

bench: $(VENV)/.test
	$(BIN)/python -m benchmarks

pictures: $(VENV)/.test
	$(BIN)/python docs/pictures/make.py

published: $(VENV)/.test
	$(BIN)/python -m tests.published

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "handcalc needs Python 3.11 or newer: install the package python3 (or set PYTHON=...)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "handcalc needs Python's venv module: install the package python3-venv"; exit 1; }

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	@$(BIN)/python -c 'import ctypes.util, sys; sys.exit(ctypes.util.find_library("pangoft2-1.0") is None)' || { echo "handcalc needs Pango for PDF: install the package libpangoft2-1.0-0 (Debian, Ubuntu), pango (Fedora, Homebrew)"; exit 1; }
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $@

clean:
	rm -rf $(VENV) out build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
