import { QueryFailedError } from 'typeorm';
import {
  classifyStorageError,
  connectionFailed,
  isWorthRepeating,
  StorageUnavailableError,
} from './storage-error';

/** As TypeORM throws what the driver of PostgreSQL has thrown. */
function ofStatement(fields: Record<string, unknown>, message = 'it failed'): QueryFailedError {
  return new QueryFailedError('SELECT 1', [], Object.assign(new Error(message), fields));
}

function ofPostgres(code: string): QueryFailedError {
  return ofStatement({ code, severity: 'ERROR' });
}

describe('an error of PostgreSQL', () => {
  it.each([
    ['connection_failure', '08006'],
    ['invalid_password', '28P01'],
    ['invalid_catalog_name', '3D000'],
    ['read_only_sql_transaction', '25006'],
    ['idle_in_transaction_session_timeout', '25P03'],
    ['disk_full', '53100'],
    ['too_many_connections', '53300'],
    ['lock_not_available', '55P03'],
    ['query_canceled', '57014'],
    ['admin_shutdown', '57P01'],
    ['cannot_connect_now', '57P03'],
    ['io_error', '58030'],
    ['internal_error', 'XX000'],
    ['serialization_failure', '40001'],
    ['deadlock_detected', '40P01'],
  ])('is the database’s fault: %s', (_, code) => {
    const error = ofPostgres(code);
    const classified = classifyStorageError(error);
    expect(classified).toBeInstanceOf(StorageUnavailableError);
    expect(classified).toMatchObject({ message: `the database refuses to work (${code})`, cause: error });
  });

  it.each([
    ['unique_violation', '23505'],
    ['check_violation', '23514'],
    ['not_null_violation', '23502'],
    ['untranslatable_character', '22P05'],
    ['numeric_value_out_of_range', '22003'],
    ['program_limit_exceeded', '54000'],
    ['statement_too_complex', '54001'],
    ['undefined_table', '42P01'],
    ['in_failed_sql_transaction', '25P02'],
  ])('is the row’s or the statement’s fault: %s', (_, code) => {
    const error = ofPostgres(code);
    expect(classifyStorageError(error)).toBe(error);
  });

  it('is worth another try where others were in the way, and only then', () => {
    expect(['40001', '40P01', '23505', '57P01'].map((code) => isWorthRepeating(ofPostgres(code)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect([null, undefined, 'a', new Error('b')].some(isWorthRepeating)).toBe(false);
  });
});

describe('an error of a connection', () => {
  it.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN'])(
    'is the database’s fault where a statement meets it: %s',
    (code) => {
      expect(classifyStorageError(ofStatement({ code }))).toBeInstanceOf(StorageUnavailableError);
    },
  );

  it.each(['ECONNRESET', 'ECONNREFUSED', 'EPIPE'])('is anybody’s without a statement: %s', (code) => {
    // For example that of a sender that goes away in the middle of its body.
    const error = Object.assign(new Error('aborted'), { code });
    expect(classifyStorageError(error)).toBe(error);
  });

  it.each([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'Query read timeout',
    'timeout exceeded when trying to connect',
    'Client was closed and is not queryable',
    'Client has encountered a connection error and is not queryable',
    'Cannot use a pool after calling end on the pool',
    'The database connection is not open',
  ])('is the database’s fault, though it has no code: %s', (message) => {
    for (const error of [new Error(message), ofStatement({}, message)]) {
      expect(classifyStorageError(error)).toMatchObject({
        name: 'StorageUnavailableError',
        message: `the database refuses to work (${message})`,
      });
    }
  });

  it('is the database’s fault whatever it is, where there was no connection yet', () => {
    const cause = Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED' });
    expect(connectionFailed(cause)).toMatchObject({
      name: 'StorageUnavailableError',
      message: 'the database refuses to work (CERT_HAS_EXPIRED)',
      cause,
    });
    const { message } = connectionFailed(new Error('The server does not support SSL connections'));
    expect(message).toBe('the database refuses to work (The server does not support SSL connections)');
  });
});

describe('an error of SQLite', () => {
  it.each(['SQLITE_FULL', 'SQLITE_BUSY', 'SQLITE_IOERR_WRITE', 'SQLITE_READONLY_DBMOVED'])(
    'is the database’s fault: %s',
    (code) => {
      expect(classifyStorageError(ofStatement({ code }))).toBeInstanceOf(StorageUnavailableError);
    },
  );

  it.each(['SQLITE_CONSTRAINT_CHECK', 'SQLITE_ERROR', 'SQLITE_TOOBIG', 'SQLITE_MISMATCH'])(
    'is the row’s or the statement’s fault: %s',
    (code) => {
      const error = ofStatement({ code });
      expect(classifyStorageError(error)).toBe(error);
    },
  );
});

describe('what is no error of a database', () => {
  it('stays as it is', () => {
    const known = new StorageUnavailableError('the database is closed');
    for (const thrown of [known, new Error('a defect'), new TypeError('x'), 'text', 42, null, undefined]) {
      expect(classifyStorageError(thrown)).toBe(thrown);
    }
  });

  it('is not taken for one because of its code', () => {
    const error = Object.assign(new Error('of some service'), { code: '53300' });
    expect(classifyStorageError(error)).toBe(error);
  });
});
