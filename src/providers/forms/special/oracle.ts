import type { FieldFacts } from '../field.ts';

/** Oracle Cloud. */
export const ORACLE: Readonly<Record<string, readonly FieldFacts[]>> = {
  oci: [
    { key: 'oci_region', label: 'Region', required: true, placeholder: 'eu-frankfurt-1', help: 'A region in which the model is offered.' },
    {
      key: 'oci_compartment_id',
      label: 'Compartment OCID',
      placeholder: 'ocid1.compartment.oc1..',
      help: 'The compartment that pays for the calls.',
    },
    { key: 'oci_tenancy', label: 'Tenancy OCID', placeholder: 'ocid1.tenancy.oc1..' },
    { key: 'oci_user', label: 'User OCID', placeholder: 'ocid1.user.oc1..' },
    {
      key: 'oci_fingerprint',
      label: 'Fingerprint of the key',
      placeholder: '20:3b:97:…',
      help: 'Of an API signing key: "My profile", "Tokens and keys" in the console of Oracle Cloud.',
    },
    {
      key: 'oci_key',
      label: 'Private key',
      type: 'secret',
      file: true,
      help: 'The content of the PEM file of the API signing key. Leave all of these empty to use the variables or the ~/.oci/config of this machine.',
    },
    {
      key: 'oci_key_passphrase',
      label: 'Passphrase of the key',
      type: 'secret',
      advanced: true,
      help: 'Only when the private key is encrypted.',
    },
    {
      key: 'oci_profile',
      label: 'Profile',
      advanced: true,
      placeholder: 'DEFAULT',
      help: 'A profile in the ~/.oci/config of this machine.',
    },
    {
      key: 'api_key',
      label: 'Generative AI API key',
      type: 'secret',
      advanced: true,
      help: 'In place of a signing key: chat alone, in the interface of OpenAI.',
    },
    {
      key: 'oci_endpoint_id',
      label: 'Endpoint OCID',
      advanced: true,
      placeholder: 'ocid1.generativeaiendpoint.oc1..',
      help: 'Only for a model on a dedicated AI cluster.',
    },
    {
      key: 'oci_api_format',
      label: 'Form of conversations',
      type: 'select',
      advanced: true,
      options: ['GENERIC', 'COHERE', 'COHEREV2'],
      help: 'Only where the name of the model does not tell it.',
    },
    {
      key: 'api_base',
      label: 'Address',
      type: 'url',
      advanced: true,
      placeholder: 'https://inference.generativeai.eu-frankfurt-1.oci.oraclecloud.com',
      help: 'Only to call another address than that of the region.',
    },
  ],
};
