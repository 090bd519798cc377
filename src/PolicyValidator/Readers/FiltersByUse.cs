using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Readers;

/// <summary>The filters that an override may be for, found by its policy, or by its name in its connection manager.</summary>
internal sealed class FiltersByUse
{
    private readonly Dictionary<string, ExtProcFilter[]> byPolicy;
    private readonly Dictionary<(MappingNode Manager, string Name), ExtProcFilter[]> byName;
    private readonly UnjudgedParts unjudged;

    public FiltersByUse(IReadOnlyList<ExtProcFilter> filters, UnjudgedParts unjudged)
    {
        this.unjudged = unjudged;
        byPolicy = Named(filters.Where(filter => filter.PolicyName is not null), filter => filter.PolicyName!);
        byName = Named(
            filters.Where(filter => filter is { ConnectionManager: not null, Name: not null, Place: not FilterPlace.UpstreamHttpFilters }),
            filter => (filter.ConnectionManager!, filter.Name!));
    }

    /// <summary>The filters of an override; of very many that have one name, the first.</summary>
    public IReadOnlyList<ExtProcFilter> Of(ExtProcOverride found) => found switch
    {
        { PolicyName: { } policy } => First(byPolicy.GetValueOrDefault(policy, []), policy),
        { ConnectionManager: { } manager, Key.Value: { } name } => First(byName.GetValueOrDefault((manager, name), []), name),
        _ => [],
    };

    private IReadOnlyList<ExtProcFilter> First(ExtProcFilter[] same, string name) =>
        unjudged.First(same, PolicySet.MostOfOneName, () => $"filters \"{name}\" that have configuration for routes", filter => (filter.Document, filter.Entry ?? filter.Config.Node));

    private static Dictionary<TKey, ExtProcFilter[]> Named<TKey>(IEnumerable<ExtProcFilter> filters, Func<ExtProcFilter, TKey> name)
        where TKey : notnull =>
        filters.GroupBy(name).ToDictionary(same => same.Key, same => same.ToArray());
}
