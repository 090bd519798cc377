using PolicyValidator.Constraints;
using PolicyValidator.Decoding;
using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;
using PolicyValidator.Model;

namespace PolicyValidator.Readers;

/// <summary>Holds the configurations of ext_proc that are found against Envoy's constraints, and keeps them.</summary>
/// <param name="context">The document that they are in.</param>
/// <param name="builder">Where they are kept.</param>
/// <param name="constraints">Envoy's constraints.</param>
/// <param name="policyName">The policy that the document is made of, or, for an override, the one that it is for: namespace and name.</param>
internal sealed class ExtProcCollector(DecodeContext context, PolicyBuilder builder, ConstraintReader constraints, string? policyName)
{
    /// <summary>A filter.</summary>
    public void Filter(ConfigMessage config, Surroundings around, PolicyEntry? madeFrom = null)
    {
        constraints.Check(config);
        builder.Add(new ExtProcFilter
        {
            Document = context.Document,
            Config = config,
            Place = around.Place,
            Name = around.Name,
            Entry = around.Entry,
            List = around.Place == FilterPlace.Nested ? null : around.List,
            IsDynamic = context.IsDynamic,
            MadeFrom = madeFrom,
            PolicyName = policyName,
        });
    }

    /// <summary>A per-route configuration, with its key and what it stands in, where it does not stand alone.</summary>
    public void Override(ConfigMessage config, ScalarNode? key, ConfigMessage? owner, Surroundings around)
    {
        constraints.Check(config);
        builder.Add(new ExtProcOverride
        {
            Document = context.Document,
            Config = config,
            Place = FilterSlots.PlaceOf(owner),
            Key = key,
            Owner = owner?.Node as MappingNode,
            PolicyName = policyName,
            ConnectionManager = around.ConnectionManager,
            IsDynamic = context.IsDynamic,
        });
    }
}
