import { z } from 'zod';

/** Terraform would take these for the start of an expression of its own. */
const text = z
  .string()
  .min(1)
  .refine((value) => !/[$%]\{/.test(value), 'holds "${" or "%{"; write it without');

const mebibyte = 1024 * 1024;

/** What GetCapabilities says of the service, and the bounds on what clients may ask. */
export const serviceSettings = z.strictObject({
  title: text.describe('Title of the service.'),
  abstract: text.optional().describe('What it is for.'),
  keywords: z
    .array(text.refine((word) => !word.includes(','), 'holds a comma'))
    .default([])
    .describe('Words it is found by.'),
  fees: text.default('NONE').describe('Free text, or `NONE`.'),
  accessConstraints: text.default('NONE').describe('Free text, or `NONE`.'),
  languages: z
    .array(z.string().regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, 'is no RFC 4646 language tag'))
    .min(1)
    .default(['en-US'])
    .describe('Language tags on offer; the first is the default.'),
  provider: z
    .strictObject({
      name: text.describe('Who offers the service.'),
      site: z.url().optional().describe('Their site.'),
      contact: z
        .strictObject({
          individualName: text.optional().describe('Name of a person.'),
          positionName: text.optional().describe('Their role.'),
          voice: text.optional().describe('Telephone number.'),
          facsimile: text.optional().describe('Fax number.'),
          deliveryPoint: text.optional().describe('Street and number.'),
          city: text.optional().describe('City.'),
          administrativeArea: text.optional().describe('State or province.'),
          postalCode: text.optional().describe('Postal code.'),
          country: text.optional().describe('Country.'),
          electronicMailAddress: z.email().optional().describe('E-mail address.'),
        })
        .default({})
        .describe('Whom clients may ask. What is left out is not shown.'),
    })
    .describe('Who offers the service.'),
  allowOrigin: z
    .string()
    .regex(
      /^(\*|https?:\/\/[^\s/,]+)$/,
      'is neither * nor an origin such as https://portal.example.org',
    )
    .optional()
    .describe('Origin whose pages may call the service from a browser. Left out: any.'),
  limits: z
    .strictObject({
      maxRequestBytes: z
        .int()
        .min(1024)
        .max(4_500_000)
        .optional()
        .describe('Largest request body, in bytes. Lambda is passed 6 MB, as base64.'),
      inlineOutputBytes: z
        .int()
        .min(0)
        .max(4 * mebibyte)
        .optional()
        .describe(
          'Largest output given inside the status document, in bytes. In a document of more than 5 MB there are none.',
        ),
      syncTimeoutSeconds: z
        .int()
        .min(0)
        .max(24)
        .optional()
        .describe('How long a synchronous Execute waits for its job, from its arrival.'),
      outputLinkSeconds: z
        .int()
        .min(1)
        .max(3600)
        .optional()
        .describe('How long a signed link to an output opens it.'),
      jobOverdueSeconds: z
        .int()
        .min(1)
        .max(24 * 3600)
        .optional()
        .describe('Age of a record after which a status request asks Batch about the job.'),
      maxUnfinishedJobs: z
        .int()
        .min(1)
        .max(100_000)
        .optional()
        .describe('Jobs that may wait or run at once; more are refused as `ServerBusy`.'),
      referenceHosts: z
        .array(z.string().min(1))
        .optional()
        .describe('Hosts that input references may name; `*.example.org` for all below it.'),
      referenceMaxBytes: z
        .int()
        .min(1)
        .max(1024 ** 4)
        .optional()
        .describe('Largest input fetched from a reference, in bytes.'),
      referenceTimeoutSeconds: z
        .int()
        .min(1)
        .max(3600)
        .optional()
        .describe('How long fetching one reference may take.'),
    })
    .default({})
    .describe('Bounds on requests. Defaults: `lambda/configuration/configuration.ts`.'),
});
