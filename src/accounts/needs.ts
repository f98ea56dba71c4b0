import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { NEED_EXTENSION, type Need } from '../http/need';

/** Name of the metadata in which a route, or its controller, says what it needs. */
export const NEED = Symbol('need');

/** Lets in whoever has the scope; `admin` includes all others. A route that says nothing needs `admin`. */
export function Needs(need: Exclude<Need, 'none'>): ClassDecorator & MethodDecorator {
  return declare(need);
}

/** Lets everybody in: probes, and what vendors sign. */
export function NeedsNothing(): ClassDecorator & MethodDecorator {
  return declare('none');
}

function declare(need: Need): ClassDecorator & MethodDecorator {
  return applyDecorators(SetMetadata(NEED, need), ApiExtension(NEED_EXTENSION, need));
}
