-- What the reading room counts and lists by, so that it need not read whole articles.
-- Some were in step 1 for a while, before any release: a file may have them already.
DROP INDEX IF EXISTS ix_article_facet;
CREATE INDEX ix_article_facet ON article(article_id, section, source, published_on, status); -- for counting hits by property
DROP INDEX IF EXISTS ix_article_version_changed;
CREATE INDEX ix_article_version_changed ON article_version(seen_at) WHERE number > 1;
DROP INDEX IF EXISTS ix_credit_name;
CREATE INDEX ix_credit_name ON credit(name, role, article_id);
DROP INDEX IF EXISTS ix_credit_role;
CREATE INDEX ix_credit_role ON credit(role, name, article_id);
DROP INDEX IF EXISTS ix_credit_article;
CREATE INDEX ix_credit_article ON credit(article_id, role, name); -- for counting hits by name
