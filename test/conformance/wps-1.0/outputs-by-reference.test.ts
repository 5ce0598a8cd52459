import { expect, it } from 'vitest';
import { executeXml, output, responseDocument } from '../../execute-xml.ts';
import { endpoint, serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'outputs-by-reference',
    clause: 'OGC 05-007r7, 10.2.1, table 50, and 10.3.1',
    title: 'Complex outputs are stored at a URL when they are asked for by reference',
    status: 'done',
    note: 'Literals and bounding boxes are always encoded in the document: `asReference` is for complex outputs only.',
  },
  () => {
    const { post, follow, send, store } = serviceUnderTest();
    const execute = (identifier: string, attributes: string) =>
      post(executeXml('every:Thing', [], responseDocument([output(identifier, attributes)])));

    it.each([
      ['text', 'text/plain', 'text.txt'],
      ['text', 'text/xml', 'text.xml'],
      ['grid', 'application/x-netcdf', 'grid.nc'],
    ])('complex output %s by reference is stored as %s', async (identifier, mimeType, name) => {
      const { select } = await execute(identifier, `asReference="true" mimeType="${mimeType}"`);
      const [href] = select('//wps:Output/wps:Reference/@href');
      expect(href).toMatch(new RegExp(`^${endpoint}outputs/[0-9a-f-]{36}/${name}$`));
      expect(select('//wps:Reference/@mimeType')).toEqual([mimeType]);
      expect(select('//wps:Data')).toEqual([]);
      const content = await follow(href);
      expect(content.status).toBe(200);
      expect(content.headers['content-type']).toBe(mimeType);
      expect(content.headers['content-disposition']).toBe(`attachment; filename="${name}"`);
    });

    it('a reference to an output has a plain href, unlike inputs, and the schema of the format', async () => {
      const { select } = await execute('text', 'asReference="1" mimeType="text/xml"');
      expect(select('//wps:Reference/@xlink:href')).toEqual([]);
      expect(select('//wps:Reference/@schema')).toEqual(['https://example.org/text.xsd']);
    });

    it('a reference to an output does not call the content at its URL base64', async () => {
      const { select } = await execute('grid', 'asReference="true"');
      expect(select('//wps:Reference/@encoding')).toEqual([]);
      const content = await follow(select('//wps:Reference/@href')[0]);
      expect([...content.bytes.subarray(0, 2)]).toEqual([1, 255]);
    });

    it.each(['number', 'flag', 'extent'])(
      'output %s, which is not complex, is never a reference',
      async (identifier) => {
        const { select } = await execute(identifier, 'asReference="true"');
        expect(select('//wps:Output/wps:Data')).toHaveLength(1);
      },
    );

    it('HEAD of an output has its headers, whether links to it are signed or not', async () => {
      const { select } = await execute('grid', 'asReference="true"');
      const { pathname } = new URL(select('//wps:Reference/@href')[0] ?? '');
      for (const link of [undefined, 'https://bucket.example.org/grid.nc?signature=for-get']) {
        store.linkOutput = async () => link;
        expect((await send({ path: pathname })).status).toBe(link ? 303 : 200);
        expect(await send({ method: 'HEAD', path: pathname })).toMatchObject({
          status: 200,
          headers: {
            'content-type': 'application/x-netcdf',
            'content-length': '6',
            'content-disposition': 'attachment; filename="grid.nc"',
          },
          text: '',
        });
      }
    });
  },
);
