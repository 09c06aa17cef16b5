"""What an Atom feed and an OpenSearch description may be, out of their specifications, as RELAX NG for lxml."""

from lxml import etree

_TYPES = (
    'datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes" xmlns="http://relaxng.org/ns/structure/1.0"'
)

_ATOM = f"""<grammar {_TYPES} ns="http://www.w3.org/2005/Atom">
<start><element name="feed"><ref name="common"/><interleave>
  <oneOrMore><ref name="person"/></oneOrMore>
  <zeroOrMore><ref name="category"/></zeroOrMore>
  <ref name="id"/><zeroOrMore><ref name="link"/></zeroOrMore>
  <element name="title"><ref name="text"/></element>
  <optional><element name="subtitle"><ref name="text"/></element></optional>
  <element name="updated"><ref name="moment"/></element>
  <zeroOrMore><ref name="extension"/></zeroOrMore>
  <zeroOrMore><ref name="entry"/></zeroOrMore>
</interleave></element></start>
<define name="entry"><element name="entry"><ref name="common"/><interleave>
  <zeroOrMore><ref name="person"/></zeroOrMore>
  <zeroOrMore><ref name="category"/></zeroOrMore>
  <ref name="id"/><oneOrMore><ref name="link"/></oneOrMore>
  <optional><element name="published"><ref name="moment"/></element></optional>
  <optional><element name="summary"><ref name="text"/></element></optional>
  <element name="title"><ref name="text"/></element>
  <element name="updated"><ref name="moment"/></element>
</interleave></element></define>
<define name="common"><interleave>
  <optional><attribute name="xml:lang" ns="http://www.w3.org/XML/1998/namespace"><data type="language"/></attribute></optional>
</interleave></define>
<define name="text"><optional><attribute name="type" ns=""><choice><value>text</value><value>html</value></choice></attribute>
  </optional><text/></define>
<define name="person"><element name="author"><element name="name"><data type="string"><param name="minLength">1</param></data>
  </element></element></define>
<define name="category"><element name="category"><attribute name="term" ns=""/><empty/></element></define>
<define name="id"><element name="id"><data type="anyURI"><param name="minLength">1</param></data></element></define>
<define name="link"><element name="link">
  <attribute name="href" ns=""><data type="anyURI"><param name="pattern">https?://\\S+</param></data></attribute>
  <optional><attribute name="rel" ns=""><choice><value>alternate</value><value>self</value><value>search</value>
    <value>first</value><value>previous</value><value>next</value><value>last</value></choice></attribute></optional>
  <optional><attribute name="type" ns=""><data type="string"><param name="pattern">.+/.+</param></data></attribute></optional>
  <optional><attribute name="title" ns=""/></optional>
  <empty/></element></define>
<define name="moment"><data type="dateTime">
  <param name="pattern">\\d{{4}}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+\\-]\\d\\d:\\d\\d)</param></data></define>
<define name="extension"><element><anyName><except><nsName/><nsName ns=""/></except></anyName>
  <zeroOrMore><attribute><anyName/></attribute></zeroOrMore><text/></element></define>
</grammar>"""
"""RFC 4287: sections 4.1 and 4.2, 3.1 (text), 3.2 (persons), 3.3 (dates: RFC 3339); relations of RFC 5005 beside."""

_OPENSEARCH = f"""<grammar {_TYPES} ns="http://a9.com/-/spec/opensearch/1.1/">
<start><element name="OpenSearchDescription"><interleave>
  <element name="ShortName"><data type="string"><param name="minLength">1</param><param name="maxLength">16</param></data></element>
  <element name="Description"><data type="string"><param name="minLength">1</param><param name="maxLength">1024</param></data>
  </element>
  <oneOrMore><element name="Url">
    <attribute name="template" ns=""><data type="string"><param name="pattern">https?://[^\\s\\{{\\}}]+(\\{{[A-Za-z]+\\??\\}}[^\\s\\{{\\}}]*)*</param></data></attribute>
    <attribute name="type" ns=""><data type="string"><param name="pattern">[a-z]+/[a-z0-9.+\\-]+</param></data></attribute>
    <optional><attribute name="rel" ns=""><choice><value>results</value><value>suggestions</value><value>self</value>
      <value>collection</value></choice></attribute></optional>
    <empty/></element></oneOrMore>
  <zeroOrMore><element name="Image"><optional><attribute name="type" ns=""/></optional>
    <data type="anyURI"><param name="pattern">https?://\\S+</param></data></element></zeroOrMore>
  <zeroOrMore><element name="Query"><attribute name="role" ns=""><value>example</value></attribute>
    <attribute name="searchTerms" ns=""><data type="string"><param name="pattern">[!-~]+</param></data></attribute><empty/></element></zeroOrMore>
  <zeroOrMore><element name="Language"><data type="language"/></element></zeroOrMore>
  <zeroOrMore><element name="InputEncoding"><value>UTF-8</value></element></zeroOrMore>
  <zeroOrMore><element name="OutputEncoding"><value>UTF-8</value></element></zeroOrMore>
</interleave></element></start></grammar>"""
"""OpenSearch 1.1 Draft 6: the elements of a description document, of those that are optional the ones we write."""


def validated(document: bytes, schema: str) -> etree._Element:
    """Parse a document and hold it against ``atom`` or ``opensearch``.  Raises ``etree.DocumentInvalid``."""
    source = {"atom": _ATOM, "opensearch": _OPENSEARCH}[schema]
    parsed = etree.fromstring(document)
    etree.RelaxNG(etree.fromstring(source)).assertValid(parsed)
    return parsed
