import type { Configuration } from '../../configuration/configuration.ts';
import type { XmlElement } from './build-xml.ts';

/** The content of a capabilities document besides the processes. */
export type ServiceMetadata = Pick<
  Configuration,
  'baseUrl' | 'identification' | 'provider' | 'languages' | 'notice'
>;

/** Children of `ows:ServiceContact` (OGC 06-121r3, clause 7.4.5). */
export function serviceContact(contact: ServiceMetadata['provider']['contact']): XmlElement {
  const phone = {
    'ows:Voice': contact.voice,
    'ows:Facsimile': contact.facsimile,
  };
  const address = {
    'ows:DeliveryPoint': contact.deliveryPoint,
    'ows:City': contact.city,
    'ows:AdministrativeArea': contact.administrativeArea,
    'ows:PostalCode': contact.postalCode,
    'ows:Country': contact.country,
    'ows:ElectronicMailAddress': contact.electronicMailAddress,
  };
  const info = { 'ows:Phone': whenAny(phone), 'ows:Address': whenAny(address) };
  return {
    'ows:IndividualName': contact.individualName,
    'ows:PositionName': contact.positionName,
    'ows:ContactInfo': whenAny(info),
  };
}

function whenAny(element: XmlElement): XmlElement | undefined {
  return Object.values(element).some((child) => child !== undefined) ? element : undefined;
}
