import { refusalOfHost, type AddressRule } from '../../reliability/address-guard';
import type { DefinitionReading } from '../model/definition';
import { redactedFaults } from '../model/redacted-headers';

/**
 * Refuses definitions that are right by themselves, and must not be used here: a URL whose host is an address that
 * monitors may not dial, and headers that are only the mask of others. A host's name is judged at each check.
 */
export function admissible(reading: DefinitionReading, addresses: AddressRule): DefinitionReading {
  if ('faults' in reading) return reading;
  const { definition } = reading;
  const faults = [...redactedFaults(definition)];
  if (definition.type === 'http') {
    const refusal = refusalOfHost(new URL(definition.url).hostname, addresses);
    if (refusal !== null) {
      faults.push({ field: 'url', message: `leads to an address that monitors may not dial (${refusal})` });
    }
  }
  return faults.length > 0 ? { faults } : reading;
}
