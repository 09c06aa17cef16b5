"""The archive's verbs, one module a verb: search, show, export, import, status, check, snapshot, seal, appraise, serve."""
