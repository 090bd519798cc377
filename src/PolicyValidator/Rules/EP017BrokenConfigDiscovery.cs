using PolicyValidator.Decoding;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A filter by discovery that cannot work.</summary>
internal sealed class EP017BrokenConfigDiscovery : Rule
{
    public override string Id => "EP017";
    public override string Name => "broken-config-discovery";
    public override Severity Severity => Severity.Error;
    public override string Summary => "A discovered filter names types that exist, and its default_config is one of them.";
    public override string Why => "Envoy checks the types when it loads the list, long before the filter's config arrives.";
    public override IReadOnlyList<string> Sources => ["ExtensionConfigSource.type_urls, default_config, apply_default_config_without_warming"];
    public override string Bad => """
        name: envoy.filters.http.ext_proc
        config_discovery:
          config_source:
            ads: {}
          type_urls: [envoy.extensions.filters.http.ext_proc.v2.ExternalProcessor] # EP017

        """;
    public override string Good => """
        name: envoy.filters.http.ext_proc
        config_discovery:
          config_source:
            ads: {}
          type_urls: [envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor]

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        context.Policies.Discoveries.SelectMany(found => Check(found.Document, found.Source, context.Target))
            .Concat(from root in context.Policies.Bootstraps
                    join found in context.Policies.Discoveries on root.Document equals found.Document
                    where found.Source.Has("config_source")
                        && (root.Config.String("node.id").Value.Length == 0 || root.Config.String("node.cluster").Value.Length == 0)
                    select At(found.Document, found.Source.PlaceOf("config_source"), "a discovered filter in a bootstrap whose node has no id or no cluster", "set node.id and node.cluster (or start Envoy with --service-node and --service-cluster)"));

    private IEnumerable<Finding> Check(Inputs.SourceDocument document, ConfigMessage source, Target target)
    {
        IReadOnlyList<Located<string>> urls = source.Strings("type_urls");
        foreach (Located<string> url in urls.Where(url => IsUnknown(NameOf(url.Value), target)))
        {
            yield return At(document, url.Place, $"no filter has the type '{Described.Short(url.Value)}'", $"write {TypeUrls.Filter}");
        }

        ConfigAny? any = source.Any("default_config");
        if (any is not null && urls.Count > 0 && urls.All(url => NameOf(url.Value) != any.TypeName))
        {
            yield return At(document, TypePlace.Of(source.PlaceOf("default_config")), $"default_config is a '{any.TypeName}', which is not among type_urls", "use a type of the list, or add this one to it");
        }

        if (any is null && source.Bool("apply_default_config_without_warming") is { Value: true } apply)
        {
            yield return At(document, apply.Place, "apply_default_config_without_warming without a default_config", "set default_config, or remove this");
        }
    }

    private static string NameOf(string url) => url[(url.LastIndexOf('/') + 1)..];

    private static bool IsUnknown(string name, Target target) =>
        !EnvoyExtensions.IsHttpFilter(name, target.Version) && !EnvoyExtensions.IsUpstreamHttpFilter(name, target.Version);
}
