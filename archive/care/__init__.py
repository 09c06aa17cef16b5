"""Care of an archive: is it as it was written, is the last crawl well, a copy to hand over.

One function a module: ``check.check``, ``status.read_status``, ``health.judge_health``, ``snapshot.write_snapshot``.
"""
