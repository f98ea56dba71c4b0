import type { MonitorObjective, Objective, VendorObjective } from './objective';

/** What there is to have objectives for. */
export interface Targets {
  readonly monitors: readonly { readonly id: string; readonly account_id: string; readonly name: string }[];
  /** Names of sources, such as `spreedly`. */
  readonly vendors: readonly string[];
}

/**
 * The objectives with one for each monitor and each vendor instead of those for all of them. What names a monitor
 * comes before what is for all monitors of its account, and that before what is for all; a vendor's likewise.
 */
export function forEachTarget(objectives: readonly Objective[], targets: Targets): Objective[] {
  const others = objectives.filter(({ kind }) => kind !== 'monitor' && kind !== 'vendor');
  return [
    ...others,
    ...ofMonitors(
      objectives.filter((one) => one.kind === 'monitor'),
      targets,
    ),
    ...ofVendors(
      objectives.filter((one) => one.kind === 'vendor'),
      targets,
    ),
  ];
}

function ofMonitors(objectives: readonly MonitorObjective[], { monitors }: Targets): MonitorObjective[] {
  return monitors.flatMap(({ id, account_id, name }) => {
    const concerning = objectives.filter((one) => one.account_id === null || one.account_id === account_id);
    const named = concerning.filter(({ monitor }) => monitor === id);
    if (named.length > 0) return named.map((one) => ({ ...one, account_id }));
    const general = concerning.filter(({ monitor }) => monitor === null);
    return narrowest(general).map((one) => ({
      ...one,
      id: `${one.id}:${id}`,
      account_id,
      name: `${name} ${one.name}`,
      monitor: id,
    }));
  });
}

function ofVendors(objectives: readonly VendorObjective[], { vendors }: Targets): VendorObjective[] {
  return vendors.flatMap((vendor) => {
    const named = objectives.filter((one) => one.vendor === vendor);
    if (named.length > 0) return named;
    const general = objectives.filter((one) => one.vendor === null);
    return general.map((one) => ({
      ...one,
      id: `${one.id}:${vendor}`,
      name: `${vendor} ${one.name}`,
      vendor,
    }));
  });
}

/** Those of the account where it has any, otherwise those for all accounts. */
function narrowest(objectives: readonly MonitorObjective[]): readonly MonitorObjective[] {
  const own = objectives.filter(({ account_id }) => account_id !== null);
  return own.length > 0 ? own : objectives;
}
