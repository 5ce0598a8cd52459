import { attributeSchemas } from '../ows/attribute-schemas.ts';

/**
 * XML Schema of the requests of WPS 2.0: it accepts and refuses what the official schemas do.
 *
 * Written in our own words from OGC 14-065r2 and OWS Common 2.0: the official schemas are larger, and one of
 * them fetches others. `test/conformance/wps-2.0/request-schema.test.ts` compares their verdicts.
 */
export const requestSchema = {
  'wps.xsd': `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:wps="http://www.opengis.net/wps/2.0" xmlns:ows="http://www.opengis.net/ows/2.0"
    xmlns:xlink="http://www.w3.org/1999/xlink"
    targetNamespace="http://www.opengis.net/wps/2.0" elementFormDefault="qualified">
  <xs:import namespace="http://www.opengis.net/ows/2.0" schemaLocation="ows.xsd"/>
  <xs:import namespace="http://www.w3.org/1999/xlink" schemaLocation="xlink.xsd"/>
  <xs:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="xml.xsd"/>

  <xs:complexType name="RequestBaseType" abstract="true">
    <xs:sequence>
      <xs:element name="Extension" type="xs:anyType" minOccurs="0" maxOccurs="unbounded"/>
    </xs:sequence>
    <xs:attribute name="service" type="xs:string" fixed="WPS" use="required"/>
    <xs:attribute name="version" type="ows:VersionType" fixed="2.0.0" use="required"/>
  </xs:complexType>

  <xs:element name="GetCapabilities">
    <xs:complexType>
      <xs:complexContent>
        <xs:extension base="ows:GetCapabilitiesType">
          <xs:attribute name="service" type="xs:string" use="required" fixed="WPS"/>
        </xs:extension>
      </xs:complexContent>
    </xs:complexType>
  </xs:element>

  <xs:element name="DescribeProcess">
    <xs:complexType>
      <xs:complexContent>
        <xs:extension base="wps:RequestBaseType">
          <xs:sequence>
            <xs:element ref="ows:Identifier" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:attribute xmlns:xml="http://www.w3.org/XML/1998/namespace" ref="xml:lang"/>
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
            <xs:element name="Input" type="wps:DataInputType" minOccurs="0" maxOccurs="unbounded"/>
            <xs:element name="Output" type="wps:OutputDefinitionType" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:attribute name="mode" use="required">
            <xs:simpleType>
              <xs:restriction base="xs:string">
                <xs:enumeration value="sync"/>
                <xs:enumeration value="async"/>
                <xs:enumeration value="auto"/>
              </xs:restriction>
            </xs:simpleType>
          </xs:attribute>
          <xs:attribute name="response" use="required">
            <xs:simpleType>
              <xs:restriction base="xs:string">
                <xs:enumeration value="raw"/>
                <xs:enumeration value="document"/>
              </xs:restriction>
            </xs:simpleType>
          </xs:attribute>
        </xs:extension>
      </xs:complexContent>
    </xs:complexType>
  </xs:element>

  <xs:complexType name="JobRequestType">
    <xs:complexContent>
      <xs:extension base="wps:RequestBaseType">
        <xs:sequence>
          <xs:element ref="wps:JobID"/>
        </xs:sequence>
      </xs:extension>
    </xs:complexContent>
  </xs:complexType>
  <xs:element name="GetStatus" type="wps:JobRequestType"/>
  <xs:element name="GetResult" type="wps:JobRequestType"/>
  <xs:element name="Dismiss" type="wps:JobRequestType"/>
  <xs:element name="JobID" type="xs:string"/>

  <xs:complexType name="DataInputType">
    <xs:choice>
      <xs:element ref="wps:Data"/>
      <xs:element ref="wps:Reference"/>
      <xs:element name="Input" type="wps:DataInputType" maxOccurs="unbounded"/>
    </xs:choice>
    <xs:attribute name="id" type="xs:anyURI" use="required"/>
  </xs:complexType>

  <xs:complexType name="OutputDefinitionType">
    <xs:sequence>
      <xs:element name="Output" type="wps:OutputDefinitionType" minOccurs="0"/>
    </xs:sequence>
    <xs:attribute name="id" type="xs:anyURI" use="required"/>
    <xs:attributeGroup ref="wps:dataEncodingAttributes"/>
    <xs:attribute name="transmission">
      <xs:simpleType>
        <xs:restriction base="xs:string">
          <xs:enumeration value="value"/>
          <xs:enumeration value="reference"/>
        </xs:restriction>
      </xs:simpleType>
    </xs:attribute>
  </xs:complexType>

  <xs:attributeGroup name="dataEncodingAttributes">
    <xs:attribute name="mimeType" type="ows:MimeType"/>
    <xs:attribute name="encoding" type="xs:anyURI"/>
    <xs:attribute name="schema" type="xs:anyURI"/>
  </xs:attributeGroup>

  <xs:element name="Data">
    <xs:complexType mixed="true">
      <xs:complexContent mixed="true">
        <xs:extension base="xs:anyType">
          <xs:attributeGroup ref="wps:dataEncodingAttributes"/>
        </xs:extension>
      </xs:complexContent>
    </xs:complexType>
  </xs:element>

  <xs:element name="LiteralValue">
    <xs:complexType>
      <xs:simpleContent>
        <xs:extension base="xs:string">
          <xs:attribute name="dataType" type="xs:anyURI"/>
          <xs:attribute name="uom" type="xs:anyURI"/>
        </xs:extension>
      </xs:simpleContent>
    </xs:complexType>
  </xs:element>

  <xs:element name="Reference">
    <xs:complexType>
      <xs:choice minOccurs="0">
        <xs:element name="Body" type="xs:anyType"/>
        <xs:element name="BodyReference">
          <xs:complexType>
            <xs:attribute ref="xlink:href" use="required"/>
          </xs:complexType>
        </xs:element>
      </xs:choice>
      <xs:attribute ref="xlink:href" use="required"/>
      <xs:attributeGroup ref="wps:dataEncodingAttributes"/>
    </xs:complexType>
  </xs:element>

  <xs:element name="SupportedCRS">
    <xs:complexType>
      <xs:simpleContent>
        <xs:extension base="xs:anyURI">
          <xs:attribute name="default" type="xs:boolean"/>
        </xs:extension>
      </xs:simpleContent>
    </xs:complexType>
  </xs:element>
  <xs:element name="Format">
    <xs:complexType>
      <xs:attributeGroup ref="wps:dataEncodingAttributes"/>
      <xs:attribute name="maximumMegabytes" type="xs:positiveInteger"/>
      <xs:attribute name="default" type="xs:boolean"/>
    </xs:complexType>
  </xs:element>
  <xs:element name="ExpirationDate" type="xs:dateTime"/>
</xs:schema>`,

  'ows.xsd': `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:ows="http://www.opengis.net/ows/2.0" xmlns:xml="http://www.w3.org/XML/1998/namespace"
    targetNamespace="http://www.opengis.net/ows/2.0" elementFormDefault="qualified">
  <xs:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="xml.xsd"/>

  <xs:simpleType name="VersionType">
    <xs:restriction base="xs:string">
      <xs:pattern value="\\d+\\.\\d?\\d\\.\\d?\\d"/>
    </xs:restriction>
  </xs:simpleType>

  <!-- As the official pattern, in a form that needs no backtracking. -->
  <xs:simpleType name="MimeType">
    <xs:restriction base="xs:string">
      <xs:pattern value="(application|audio|image|text|video|message|multipart|model)/.+(;[ \\t]*[\\n\\r]([ \\t]*[\\n\\r])*.[^=\\n\\r]*=.+)*"/>
    </xs:restriction>
  </xs:simpleType>

  <xs:complexType name="GetCapabilitiesType">
    <xs:sequence>
      <xs:element name="AcceptVersions" minOccurs="0">
        <xs:complexType>
          <xs:sequence>
            <xs:element name="Version" type="ows:VersionType" maxOccurs="unbounded"/>
          </xs:sequence>
        </xs:complexType>
      </xs:element>
      <xs:element name="Sections" minOccurs="0">
        <xs:complexType>
          <xs:sequence>
            <xs:element name="Section" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
        </xs:complexType>
      </xs:element>
      <xs:element name="AcceptFormats" minOccurs="0">
        <xs:complexType>
          <xs:sequence>
            <xs:element name="OutputFormat" type="ows:MimeType" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
        </xs:complexType>
      </xs:element>
      <xs:element name="AcceptLanguages" minOccurs="0">
        <xs:complexType>
          <xs:sequence>
            <xs:element ref="ows:Language" maxOccurs="unbounded"/>
          </xs:sequence>
        </xs:complexType>
      </xs:element>
    </xs:sequence>
    <xs:attribute name="updateSequence" type="xs:string"/>
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
  <xs:element name="Language" type="xs:language"/>

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
</xs:schema>`,

  ...attributeSchemas,
} as const;
