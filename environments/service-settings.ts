import { z } from 'zod';
import {
  longestHostList,
  mapHostLimits,
  mapNumberLimits,
  wpsVersions,
} from '../lambda/configuration/limits.ts';

/** Terraform would interpret these as the start of a template expression. */
const text = z
  .string()
  .min(1)
  .refine((value) => !/[$%]\{/.test(value), 'holds "${" or "%{"; write it without');

/** The description of the service in GetCapabilities, and the limits on requests. */
export const serviceSettings = z.strictObject({
  title: text.describe('Title of the service.'),
  abstract: text.optional().describe('What it is for.'),
  keywords: z
    .array(text.refine((word) => !word.includes(','), 'holds a comma'))
    .default([])
    .describe('Words it is found by.'),
  documentation: z
    .url()
    .optional()
    .describe('Page about the service for its users; the first page links to it.'),
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
  wpsVersion: z
    .enum(wpsVersions)
    .optional()
    .describe(
      'Version of WPS that GetCapabilities is answered in where the client names none. Left out: 1.0.0.',
    ),
  limits: z
    .strictObject({
      ...mapNumberLimits(({ minimum, maximum, meaning }) =>
        z.int().min(minimum).max(maximum).optional().describe(meaning),
      ),
      ...mapHostLimits(({ meaning }) =>
        z
          .array(z.string().min(1))
          .refine(
            (hosts) => hosts.join().length <= longestHostList,
            `hold more than ${longestHostList} characters, which no submission to AWS Batch could carry`,
          )
          .optional()
          .describe(meaning),
      ),
    })
    .default({})
    .describe('Bounds on requests. Defaults: `lambda/configuration/limits.ts`.'),
});
