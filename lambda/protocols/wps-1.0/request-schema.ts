import { attributeSchemas } from '../ows/attribute-schemas.ts';

/**
 * XML Schema of the WPS 1.0.0 requests, one document per namespace, by the name with which they import each
 * other. Written from the tables of OGC 05-007r7 (clauses 8.2, 9.2, 10.2) and OGC 06-121r3 (clauses 7.2,
 * 10.2). It contains the elements of requests, with the attributes that complex data may have anywhere, and
 * nothing about responses. Its verdicts are those of the official schemas:
 * `test/conformance/wps-1.0/request-schema.test.ts` compares them.
 */
export const requestSchema = {
  'wps.xsd': `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:wps="http://www.opengis.net/wps/1.0.0" xmlns:ows="http://www.opengis.net/ows/1.1"
    xmlns:xlink="http://www.w3.org/1999/xlink"
    targetNamespace="http://www.opengis.net/wps/1.0.0" elementFormDefault="qualified">
  <xs:import namespace="http://www.opengis.net/ows/1.1" schemaLocation="ows.xsd"/>
  <xs:import namespace="http://www.w3.org/1999/xlink" schemaLocation="xlink.xsd"/>

  <xs:element name="GetCapabilities">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="AcceptVersions" type="ows:AcceptVersionsType" minOccurs="0"/>
      </xs:sequence>
      <xs:attribute name="service" type="xs:string" use="required" fixed="WPS"/>
      <xs:attribute name="language" type="xs:string"/>
    </xs:complexType>
  </xs:element>

  <xs:complexType name="RequestBaseType">
    <xs:attribute name="service" type="xs:string" use="required" fixed="WPS"/>
    <xs:attribute name="version" type="xs:string" use="required" fixed="1.0.0"/>
    <xs:attribute name="language" type="xs:string"/>
  </xs:complexType>

  <xs:element name="DescribeProcess">
    <xs:complexType>
      <xs:complexContent>
        <xs:extension base="wps:RequestBaseType">
          <xs:sequence>
            <xs:element ref="ows:Identifier" maxOccurs="unbounded"/>
          </xs:sequence>
        </xs:extension>
      </xs:complexContent>
    </xs:complexType>
  </xs:element>

  <xs:element name="Execute">
    <xs:complexType>
      <xs:complexContent>
        <xs:extension base="wps:RequestBaseType">
          <xs:sequence>
            <xs:element ref="ows:Identifier"/>
            <xs:element name="DataInputs" type="wps:DataInputsType" minOccurs="0"/>
            <xs:element name="ResponseForm" type="wps:ResponseFormType" minOccurs="0"/>
          </xs:sequence>
        </xs:extension>
      </xs:complexContent>
    </xs:complexType>
  </xs:element>

  <xs:complexType name="DataInputsType">
    <xs:sequence>
      <xs:element name="Input" type="wps:InputType" maxOccurs="unbounded"/>
    </xs:sequence>
  </xs:complexType>

  <xs:complexType name="InputType">
    <xs:sequence>
      <xs:element ref="ows:Identifier"/>
      <xs:element ref="ows:Title" minOccurs="0"/>
      <xs:element ref="ows:Abstract" minOccurs="0"/>
      <xs:choice>
        <xs:element name="Reference" type="wps:InputReferenceType"/>
        <xs:element name="Data" type="wps:DataType"/>
      </xs:choice>
    </xs:sequence>
  </xs:complexType>

  <xs:complexType name="DataType">
    <xs:choice>
      <xs:element name="ComplexData" type="wps:ComplexDataType"/>
      <xs:element name="LiteralData" type="wps:LiteralDataType"/>
      <xs:element name="BoundingBoxData" type="ows:BoundingBoxType"/>
    </xs:choice>
  </xs:complexType>

  <xs:attributeGroup name="ComplexDataEncoding">
    <xs:attribute name="mimeType" type="ows:MimeType"/>
    <xs:attribute name="encoding" type="xs:anyURI"/>
    <xs:attribute name="schema" type="xs:anyURI"/>
  </xs:attributeGroup>

  <xs:complexType name="ComplexDataType">
    <xs:complexContent mixed="true">
      <xs:extension base="xs:anyType">
        <xs:attributeGroup ref="wps:ComplexDataEncoding"/>
      </xs:extension>
    </xs:complexContent>
  </xs:complexType>

  <xs:complexType name="LiteralDataType">
    <xs:simpleContent>
      <xs:extension base="xs:string">
        <xs:attribute name="dataType" type="xs:anyURI"/>
        <xs:attribute name="uom" type="xs:anyURI"/>
      </xs:extension>
    </xs:simpleContent>
  </xs:complexType>

  <xs:complexType name="InputReferenceType">
    <xs:sequence>
      <xs:element name="Header" minOccurs="0" maxOccurs="unbounded">
        <xs:complexType>
          <xs:attribute name="key" type="xs:string" use="required"/>
          <xs:attribute name="value" type="xs:string" use="required"/>
        </xs:complexType>
      </xs:element>
      <xs:choice minOccurs="0">
        <xs:element name="Body" type="xs:anyType"/>
        <xs:element name="BodyReference">
          <xs:complexType>
            <xs:attribute ref="xlink:href" use="required"/>
          </xs:complexType>
        </xs:element>
      </xs:choice>
    </xs:sequence>
    <xs:attribute ref="xlink:href" use="required"/>
    <xs:attribute name="method" default="GET">
      <xs:simpleType>
        <xs:restriction base="xs:string">
          <xs:enumeration value="GET"/>
          <xs:enumeration value="POST"/>
        </xs:restriction>
      </xs:simpleType>
    </xs:attribute>
    <xs:attributeGroup ref="wps:ComplexDataEncoding"/>
  </xs:complexType>

  <xs:complexType name="ResponseFormType">
    <xs:choice>
      <xs:element name="ResponseDocument" type="wps:ResponseDocumentType"/>
      <xs:element name="RawDataOutput" type="wps:OutputDefinitionType"/>
    </xs:choice>
  </xs:complexType>

  <xs:complexType name="ResponseDocumentType">
    <xs:sequence>
      <xs:element name="Output" type="wps:DocumentOutputDefinitionType" maxOccurs="unbounded"/>
    </xs:sequence>
    <xs:attribute name="storeExecuteResponse" type="xs:boolean" default="false"/>
    <xs:attribute name="lineage" type="xs:boolean" default="false"/>
    <xs:attribute name="status" type="xs:boolean" default="false"/>
  </xs:complexType>

  <xs:complexType name="OutputDefinitionType">
    <xs:sequence>
      <xs:element ref="ows:Identifier"/>
    </xs:sequence>
    <xs:attribute name="uom" type="xs:anyURI"/>
    <xs:attributeGroup ref="wps:ComplexDataEncoding"/>
  </xs:complexType>

  <xs:complexType name="DocumentOutputDefinitionType">
    <xs:complexContent>
      <xs:extension base="wps:OutputDefinitionType">
        <xs:sequence>
          <xs:element ref="ows:Title" minOccurs="0"/>
          <xs:element ref="ows:Abstract" minOccurs="0"/>
        </xs:sequence>
        <xs:attribute name="asReference" type="xs:boolean" default="false"/>
      </xs:extension>
    </xs:complexContent>
  </xs:complexType>
</xs:schema>`,

  'ows.xsd': `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:ows="http://www.opengis.net/ows/1.1"
    targetNamespace="http://www.opengis.net/ows/1.1" elementFormDefault="qualified">
  <xs:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="xml.xsd"/>

  <xs:simpleType name="VersionType">
    <xs:restriction base="xs:string">
      <xs:pattern value="\\d+\\.\\d?\\d\\.\\d?\\d"/>
    </xs:restriction>
  </xs:simpleType>

  <xs:simpleType name="MimeType">
    <xs:restriction base="xs:string">
      <xs:pattern value="(application|audio|image|text|video|message|multipart|model)/.+(;[ \\t]*[\\n\\r]([ \\t]*[\\n\\r])*.[^=\\n\\r]*=.+)*"/>
    </xs:restriction>
  </xs:simpleType>

  <xs:complexType name="AcceptVersionsType">
    <xs:sequence>
      <xs:element name="Version" type="ows:VersionType" maxOccurs="unbounded"/>
    </xs:sequence>
  </xs:complexType>

  <xs:complexType name="CodeType">
    <xs:simpleContent>
      <xs:extension base="xs:string">
        <xs:attribute name="codeSpace" type="xs:anyURI"/>
      </xs:extension>
    </xs:simpleContent>
  </xs:complexType>

  <xs:complexType name="LanguageStringType">
    <xs:simpleContent>
      <xs:extension base="xs:string">
        <xs:attribute ref="xml:lang"/>
      </xs:extension>
    </xs:simpleContent>
  </xs:complexType>

  <xs:element name="Identifier" type="ows:CodeType"/>
  <xs:element name="Title" type="ows:LanguageStringType"/>
  <xs:element name="Abstract" type="ows:LanguageStringType"/>

  <xs:attribute name="reference" type="xs:anyURI"/>
  <xs:attribute name="rangeClosure">
    <xs:simpleType>
      <xs:restriction base="xs:NMTOKENS">
        <xs:enumeration value="closed"/>
        <xs:enumeration value="open"/>
        <xs:enumeration value="open-closed"/>
        <xs:enumeration value="closed-open"/>
      </xs:restriction>
    </xs:simpleType>
  </xs:attribute>

  <xs:simpleType name="PositionType">
    <xs:list itemType="xs:double"/>
  </xs:simpleType>

  <xs:simpleType name="PositionType2D">
    <xs:restriction base="ows:PositionType">
      <xs:length value="2"/>
    </xs:restriction>
  </xs:simpleType>

  <xs:complexType name="BoundingBoxType">
    <xs:sequence>
      <xs:element name="LowerCorner" type="ows:PositionType"/>
      <xs:element name="UpperCorner" type="ows:PositionType"/>
    </xs:sequence>
    <xs:attribute name="crs" type="xs:anyURI"/>
    <xs:attribute name="dimensions" type="xs:positiveInteger"/>
  </xs:complexType>

  <xs:complexType name="WGS84BoundingBoxType">
    <xs:complexContent>
      <xs:restriction base="ows:BoundingBoxType">
        <xs:sequence>
          <xs:element name="LowerCorner" type="ows:PositionType2D"/>
          <xs:element name="UpperCorner" type="ows:PositionType2D"/>
        </xs:sequence>
        <xs:attribute name="crs" type="xs:anyURI" fixed="urn:ogc:def:crs:OGC:2:84"/>
        <xs:attribute name="dimensions" type="xs:positiveInteger" fixed="2"/>
      </xs:restriction>
    </xs:complexContent>
  </xs:complexType>

  <xs:element name="BoundingBox" type="ows:BoundingBoxType"/>
  <xs:element name="WGS84BoundingBox" type="ows:WGS84BoundingBoxType"/>
</xs:schema>`,

  ...attributeSchemas,
} as const;
