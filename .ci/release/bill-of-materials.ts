/** A component of a bill of materials, as far as it is read here. */
interface Component {
  readonly "bom-ref": string;
  readonly name: string;
}

/** CycloneDX, as far as it is read here. */
export interface BillOfMaterials {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/**
 * npm's bill of a workspace is one of the repository, which the workspace is a part of: this makes it one of the package.
 *
 * @throws Error when the package is not in it
 */
export function billOfPackage<Bill extends BillOfMaterials>(bill: Bill, name: string): Bill {
  const component = bill.components.find((each) => each.name === name);
  if (component === undefined)
    throw new Error(`Expected ${name} in the bill of materials of npm, which has not got it.`);
  const repository = bill.metadata.component["bom-ref"];
  return {
    ...bill,
    metadata: { ...bill.metadata, component },
    components: bill.components.filter((each) => each !== component),
    dependencies: bill.dependencies.filter(({ ref }) => ref !== repository),
  };
}
