/**
 * SK's published test documents, and how each of them answers. (SK's Smart-ID documentation, Test accounts for automated
 * testing, April 2026)
 */

export interface TestDocument {
  readonly documentNumber: string;
  /** The spelling on SK's page, where it is a misprint. */
  readonly publishedAs?: string;
  readonly endResult: 'OK' | 'USER_REFUSED' | 'USER_REFUSED_INTERACTION' | 'WRONG_VC' | 'TIMEOUT';
  /** The refused interaction, with USER_REFUSED_INTERACTION. */
  readonly interaction?: string;
  /** SK's remark. */
  readonly comment?: string;
}

/** Documents that answer device links, at the mock device endpoint. */
export const DEVICE_LINK_DOCUMENTS: readonly TestDocument[] = [
  { documentNumber: 'PNOEE-40404040009-MOCK-Q', endResult: 'OK', comment: 'Adult' },
  { documentNumber: 'PNOLT-40404040009-MOCK-Q', endResult: 'OK', comment: 'Adult' },
  { documentNumber: 'PNOLV-040404-10003-DEMO-Q', endResult: 'OK', comment: 'Adult' },
  { documentNumber: 'PNOBE-04040400287-MOCK-Q', endResult: 'OK', comment: 'Adult' },
  { documentNumber: 'PNOEE-61101019999-MOCK-Q', endResult: 'OK', comment: 'Minor' },
  { documentNumber: 'PNOLT-61101019999-MOCK-Q', endResult: 'OK', comment: 'Minor' },
  { documentNumber: 'PNOLV-010111-22341-MOCK-Q', endResult: 'OK', comment: 'Minor' },
  { documentNumber: 'PNOLV-320000-00008-DEMO-Q', endResult: 'OK', comment: 'Minor' },
  { documentNumber: 'PNOBE-11010199815-MOCK-Q', endResult: 'OK', comment: 'Minor' },
  { documentNumber: 'PNOLT-61101019988-MOCK-NQ', endResult: 'OK', comment: 'Minor' },
  { documentNumber: 'PNOLV-020211-12351-MOCK-NQ', endResult: 'OK', comment: 'Minor' },
];

/** Documents that answer notifications. */
export const NOTIFICATION_DOCUMENTS: readonly TestDocument[] = [
  { documentNumber: 'PNOEE-40504040001-DEMO-Q', publishedAs: 'PNOEE-40504040001-DEM0-Q', endResult: 'OK' },
  { documentNumber: 'PNOLT-40504040001-MOCK-Q', endResult: 'OK' },
  { documentNumber: 'PNOLV-050405-10009-DEMO-Q', publishedAs: 'PNOLV-050405-10009-DEM0-Q', endResult: 'OK' },
  { documentNumber: 'PNOLV-320000-10003-DEMO-Q', endResult: 'OK' },
  { documentNumber: 'PNOBE-05040400032-DEMO-Q', endResult: 'OK' },
  { documentNumber: 'PNOLT-40504049999-MOCK-NQ', endResult: 'OK' },
  { documentNumber: 'PNOLV-050404-19993-DEMO-NQ', endResult: 'OK' },
  { documentNumber: 'PNOEE-50001029996-DEMO-Q', endResult: 'OK', comment: 'Adult' },
  { documentNumber: 'PNOLT-50001029996-DEMO-Q', endResult: 'OK', comment: 'Adult' },
  { documentNumber: 'PNOLV-020100-29990-MOCK-Q', endResult: 'OK', comment: 'Adult' },
  { documentNumber: 'PNOBE-00010299944-MOCK-Q', endResult: 'OK', comment: 'Adult' },
  { documentNumber: 'PNOLT-30303039914-MOCK-Q', endResult: 'OK' },
  { documentNumber: 'PNOEE-39901012239-MOCK-Q', endResult: 'OK', comment: 'User has other active account' },
  { documentNumber: 'PNOLT-39901012239-DEMO-Q', endResult: 'OK', comment: 'User has other active account' },
  { documentNumber: 'PNOLV-030303-10215-MOCK-Q', endResult: 'OK', comment: 'User has other active account' },
  { documentNumber: 'PNOBE-99010199987-DEMO-Q', endResult: 'OK', comment: 'User has other active account' },
  {
    documentNumber: 'PNOEE-61101012257-MOCK-Q',
    endResult: 'OK',
    comment: 'User age is under 18 (2011-01-01)',
  },
  {
    documentNumber: 'PNOLT-61101012257-MOCK-Q',
    endResult: 'OK',
    comment: 'User age is under 18 (2011-01-01)',
  },
  {
    documentNumber: 'PNOLV-010111-23474-DEMO-Q',
    publishedAs: 'PNOLV-010111-23474-DEME-Q',
    endResult: 'OK',
    comment: 'User age is under 18 (2011-01-01)',
  },
  {
    documentNumber: 'PNOLV-320000-00032-DEMO-Q',
    endResult: 'OK',
    comment: 'User age is under 18 (2011-01-01)',
  },
  { documentNumber: 'PNOLV-030303-10004-MOCK-Q', endResult: 'OK', comment: 'No numbers in names' },
  { documentNumber: 'PNOLV-040404-19999-MOCK-Q', endResult: 'OK' },
  { documentNumber: 'PNOLV-040404-19980-MOCK-Q', endResult: 'OK' },
  { documentNumber: 'PNOLV-311299-19993-MOCK-Q', endResult: 'OK', comment: 'dateOfBirth in separate field' },
  { documentNumber: 'PNOLV-329999-99901-MOCK-Q', endResult: 'OK', comment: 'dateOfBirth in separate field' },
  {
    documentNumber: 'PNOLV-329999-99709-MOCK-Q',
    endResult: 'OK',
    comment: 'No dateOfBirth in separate field',
  },
  { documentNumber: 'PNOLT-49912318881-MOCK-NQ', endResult: 'OK' },
  { documentNumber: 'PNOLV-311299-18886-MOCK-NQ', endResult: 'OK' },
  { documentNumber: 'PNOEE-30403039917-MOCK-Q', endResult: 'USER_REFUSED' },
  { documentNumber: 'PNOLT-30403039917-MOCK-Q', endResult: 'USER_REFUSED' },
  { documentNumber: 'PNOLV-030403-10016-MOCK-Q', endResult: 'USER_REFUSED' },
  { documentNumber: 'PNOBE-00010238349-MOCK-Q', endResult: 'USER_REFUSED' },
  {
    documentNumber: 'PNOEE-30403039928-MOCK-Q',
    endResult: 'USER_REFUSED_INTERACTION',
    interaction: 'displayTextAndPIN',
  },
  {
    documentNumber: 'PNOLT-30403039928-MOCK-Q',
    endResult: 'USER_REFUSED_INTERACTION',
    interaction: 'displayTextAndPIN',
  },
  {
    documentNumber: 'PNOLV-030403-10024-MOCK-Q',
    endResult: 'USER_REFUSED_INTERACTION',
    interaction: 'displayTextAndPIN',
  },
  {
    documentNumber: 'PNOBE-00010267350-MOCK-Q',
    endResult: 'USER_REFUSED_INTERACTION',
    interaction: 'displayTextAndPIN',
  },
  {
    documentNumber: 'PNOEE-30403039939-MOCK-Q',
    endResult: 'USER_REFUSED_INTERACTION',
    interaction: 'verificationCodeChoice',
  },
  {
    documentNumber: 'PNOLT-30403039939-MOCK-Q',
    endResult: 'USER_REFUSED_INTERACTION',
    interaction: 'verificationCodeChoice',
  },
  {
    documentNumber: 'PNOLV-030403-10032-MOCK-Q',
    endResult: 'USER_REFUSED_INTERACTION',
    interaction: 'verificationCodeChoice',
  },
  {
    documentNumber: 'PNOBE-00010266756-MOCK-Q',
    endResult: 'USER_REFUSED_INTERACTION',
    interaction: 'verificationCodeChoice',
  },
  {
    documentNumber: 'PNOEE-30403039946-MOCK-Q',
    endResult: 'USER_REFUSED_INTERACTION',
    interaction: 'confirmationMessage',
  },
  {
    documentNumber: 'PNOLT-30403039946-MOCK-Q',
    endResult: 'USER_REFUSED_INTERACTION',
    interaction: 'confirmationMessage',
  },
  {
    documentNumber: 'PNOLV-030403-10040-MOCK-Q',
    endResult: 'USER_REFUSED_INTERACTION',
    interaction: 'confirmationMessage',
  },
  {
    documentNumber: 'PNOBE-00010232708-MOCK-Q',
    endResult: 'USER_REFUSED_INTERACTION',
    interaction: 'confirmationMessage',
  },
  {
    documentNumber: 'PNOEE-30403039950-MOCK-Q',
    endResult: 'USER_REFUSED_INTERACTION',
    interaction: 'confirmationMessageAndVerificationCodeChoice',
  },
  {
    documentNumber: 'PNOLT-30403039950-MOCK-Q',
    endResult: 'USER_REFUSED_INTERACTION',
    interaction: 'confirmationMessageAndVerificationCodeChoice',
  },
  {
    documentNumber: 'PNOLV-030403-10059-MOCK-Q',
    endResult: 'USER_REFUSED_INTERACTION',
    interaction: 'confirmationMessageAndVerificationCodeChoice',
  },
  {
    documentNumber: 'PNOBE-00010211724-MOCK-Q',
    endResult: 'USER_REFUSED_INTERACTION',
    interaction: 'confirmationMessageAndVerificationCodeChoice',
  },
  { documentNumber: 'PNOEE-30403039972-MOCK-Q', endResult: 'WRONG_VC' },
  { documentNumber: 'PNOLT-30403039972-MOCK-Q', endResult: 'WRONG_VC' },
  { documentNumber: 'PNOLV-030403-10075-MOCK-Q', endResult: 'WRONG_VC' },
  { documentNumber: 'PNOBE-00010216276-MOCK-Q', endResult: 'WRONG_VC' },
  { documentNumber: 'PNOEE-30403039983-MOCK-Q', endResult: 'TIMEOUT' },
  { documentNumber: 'PNOLT-30403039983-MOCK-Q', endResult: 'TIMEOUT' },
  { documentNumber: 'PNOLV-030403-10083-MOCK-Q', endResult: 'TIMEOUT' },
  { documentNumber: 'PNOBE-00010220335-MOCK-Q', endResult: 'TIMEOUT' },
];
