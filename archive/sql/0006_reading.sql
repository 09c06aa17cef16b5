-- What the reading room counts and lists by, so that it need not read whole articles.
CREATE INDEX ix_article_facet ON article(article_id, section, source, published_on, status); -- for counting hits by property
CREATE INDEX ix_article_version_changed ON article_version(seen_at) WHERE number > 1;
DROP INDEX ix_credit_name;
CREATE INDEX ix_credit_name ON credit(name, role, article_id);
DROP INDEX ix_credit_role;
CREATE INDEX ix_credit_role ON credit(role, name, article_id);
CREATE INDEX ix_credit_article ON credit(article_id, role, name); -- for counting hits by name
