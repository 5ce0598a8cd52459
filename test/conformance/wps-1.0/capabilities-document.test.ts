import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'capabilities-document',
    clause: 'OGC 05-007r7, 8.3.1',
    title:
      'The capabilities document is complete: identification, provider, operations, processes, languages',
    status: 'done',
  },
  () => {
    const complete = serviceUnderTest({
      configuration: {
        provider: {
          name: 'Provider',
          site: 'https://example.org/',
          contact: { individualName: 'N. N.', voice: '+61', city: 'Hobart', country: 'Australia' },
        },
      },
    });

    it('the capabilities say who offers the service, and under which terms', async () => {
      const { select } = await complete.get('service=WPS&request=GetCapabilities');
      expect(select('//ows:ServiceIdentification/ows:Title')).toEqual(['Test service']);
      expect(select('//ows:ServiceIdentification/ows:Abstract')).toEqual(['A service to test.']);
      expect(select('//ows:Keyword')).toEqual(['WPS', 'test']);
      expect(select('//ows:ServiceType')).toEqual(['WPS']);
      expect(select('//ows:ServiceTypeVersion')).toEqual(['1.0.0']);
      expect(select('//ows:Fees')).toEqual(['NONE']);
      expect(select('//ows:AccessConstraints')).toEqual(['NONE']);
      expect(select('//ows:ProviderName')).toEqual(['Provider']);
      expect(select('//ows:ProviderSite/@xlink:href')).toEqual(['https://example.org/']);
      expect(select('//ows:IndividualName')).toEqual(['N. N.']);
      expect(select('//ows:City')).toEqual(['Hobart']);
    });

    it('the capabilities have every section, in the order of the standard', async () => {
      const { select, text } = await complete.get('service=WPS&request=GetCapabilities');
      expect(select('/wps:Capabilities/*')).toHaveLength(5);
      const sections = [...text.matchAll(/^ {2}<(\w+:\w+)/gm)].map(([, name]) => name);
      expect(sections).toEqual([
        'ows:ServiceIdentification',
        'ows:ServiceProvider',
        'ows:OperationsMetadata',
        'wps:ProcessOfferings',
        'wps:Languages',
      ]);
    });

    it('the capabilities leave out unknown details of the provider', async () => {
      const { select } = await serviceUnderTest().get('service=WPS&request=GetCapabilities');
      expect(select('//ows:ProviderSite | //ows:ContactInfo')).toEqual([]);
    });
  },
);
