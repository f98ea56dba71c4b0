import { textOfFile } from '../../definition-files/file-text';
import { InvalidFileError } from '../../definition-files/invalid-file';
import { YamlText } from '../../definition-files/yaml-text';
import type { DefinitionFault } from '../../http/definition/definition-fields';
import type { Objective } from '../model/objective';
import { readObjectives } from '../model/objectives-definition';

const SETTING = 'SLOS_FILE';

/** The objectives that a file makes of the defaults, and what is doubtful about them, a sentence each. */
export interface SlosFile {
  readonly objectives: readonly Objective[];
  readonly warnings: readonly string[];
}

/**
 * Reads SLOS_FILE (docs/slos.md).
 *
 * @throws InvalidFileError
 */
export async function readSlosFile(path: string): Promise<SlosFile> {
  const yaml = new YamlText(await textOfFile(SETTING, path));
  if (yaml.errors.length > 0) {
    throw new InvalidFileError(
      SETTING,
      path,
      yaml.errors.map(({ line, message }) => `line ${line}: ${message}`),
    );
  }
  const reading = readObjectives(valueOf(yaml, path));
  const sentence = (fault: DefinitionFault): string => sentenceOf(fault, yaml);
  if ('faults' in reading) throw new InvalidFileError(SETTING, path, reading.faults.map(sentence));
  return { objectives: reading.objectives, warnings: reading.warnings.map(sentence) };
}

function valueOf(yaml: YamlText, path: string): unknown {
  try {
    return yaml.value();
  } catch (cause) {
    if (!(cause instanceof ReferenceError)) throw cause;
    throw new InvalidFileError(SETTING, path, [cause.message], { cause });
  }
}

/** A fault with its line: those of an entry are named `objectives[3].window`. */
function sentenceOf({ field, message }: DefinitionFault, yaml: YamlText): string {
  const [, index, name = null] = /^objectives\[(\d+)\](?:\.(.*))?$/.exec(field ?? '') ?? [];
  const line = index === undefined ? 1 : yaml.lineOf(['objectives', Number(index)], name);
  return `line ${line}: ${field ?? 'The file'} ${message}`;
}
