/** The people of the model. Each has an account of the simulator that answers on the phone. */
export interface Person {
  readonly identifier: string;
  readonly country: string;
  readonly personalCode: string;
  readonly givenName: string;
  readonly surname: string;
  readonly birthDate: string;
}

export const PEOPLE: readonly [Person, Person] = [
  {
    identifier: 'PNOEE-49001010019',
    country: 'EE',
    personalCode: '49001010019',
    givenName: 'MARIKENEA',
    surname: 'TAMMSALUVEER',
    birthDate: '1990-01-01',
  },
  {
    identifier: 'PNOLV-150685-10001',
    country: 'LV',
    personalCode: '150685-10001',
    givenName: 'JĀNISONS',
    surname: 'BĒRZKALNIŅŠ',
    birthDate: '1985-06-15',
  },
];

export function personAt(index: number): Person {
  return index % 2 === 0 ? PEOPLE[0] : PEOPLE[1];
}
