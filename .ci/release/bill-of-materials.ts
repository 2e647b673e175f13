/** The part of a component that is read. */
interface Component {
  readonly "bom-ref": string;
  readonly name: string;
}

/** The part of a CycloneDX bill of materials that is read. */
export interface BillOfMaterials {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/**
 * `npm sbom --workspace` describes the repository with the workspace as a component. This returns the bill of materials
 * of the package itself.
 *
 * @throws Error if the package is not a component
 */
export function billOfPackage<Bill extends BillOfMaterials>(bill: Bill, name: string): Bill {
  const component = bill.components.find((each) => each.name === name);
  if (component === undefined) throw new Error(`Expected ${name} as a component of the bill of materials from npm.`);
  const repository = bill.metadata.component["bom-ref"];
  return {
    ...bill,
    metadata: { ...bill.metadata, component },
    components: bill.components.filter((each) => each !== component),
    dependencies: bill.dependencies.filter(({ ref }) => ref !== repository),
  };
}
