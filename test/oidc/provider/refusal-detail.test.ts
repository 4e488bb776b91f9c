import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, it } from 'node:test';
import { errors } from 'oidc-provider';
import type Provider from 'oidc-provider';
import type { AuditEvent } from '../../../src/audit/events.ts';
import { createLogger } from '../../../src/log/logger.ts';
import { reportErrors } from '../../../src/oidc/provider/errors.ts';

const CONTEXT = { ip: '192.0.2.1', oidc: { route: 'authorization', params: {}, entities: {} } };

describe('the detail of a refusal in the audit', () => {
  const detailOf = (error: Error) => {
    const recorded: AuditEvent[] = [];
    const provider = Object.assign(new EventEmitter(), { use: () => undefined });
    const audit = {
      record: (event: AuditEvent) => void recorded.push(event),
      close: () => Promise.resolve(),
    };
    reportErrors(
      provider as unknown as Provider,
      {} as Parameters<typeof reportErrors>[1],
      audit,
      createLogger({ level: 'silent' }),
    );
    provider.emit('authorization.error', CONTEXT, error);
    assert.equal(recorded.length, 1);
    return (recorded[0] as { readonly detail?: string }).detail;
  };

  it('is the fixed sentence of an error without a cause', () => {
    assert.equal(detailOf(new errors.InvalidRequest('a description')), 'a description');
  });

  it('is the fixed sentence of an error with a cause too, but not the text of the cause', () => {
    const error = new errors.InvalidRequestObject('could not parse Request Object', {
      cause: new Error('40504040001'),
    });
    assert.equal(detailOf(error), 'could not parse Request Object');
  });

  it('is left out for an error with a cause, whose text could contain data of the request', () => {
    const error = new errors.InvalidRequest('40504040001 is not valid', 400, 'token 40504040001');
    assert.equal(detailOf(Object.assign(error, { cause: new Error('40504040001') })), undefined);
  });
});
