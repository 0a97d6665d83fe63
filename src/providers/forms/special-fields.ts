import type { FieldFacts } from './field.ts';
import { AMAZON } from './special/amazon.ts';
import { GOOGLE } from './special/google.ts';
import { MICROSOFT } from './special/microsoft.ts';
import { ORACLE } from './special/oracle.ts';
import { OTHERS } from './special/others.ts';
import { SAP } from './special/sap.ts';

/** Fields of providers whose way to sign in says more than one key. By provider id. */
export const SPECIAL_FIELDS: Readonly<Record<string, readonly FieldFacts[]>> = {
  ...AMAZON,
  ...GOOGLE,
  ...MICROSOFT,
  ...ORACLE,
  ...SAP,
  ...OTHERS,
};
