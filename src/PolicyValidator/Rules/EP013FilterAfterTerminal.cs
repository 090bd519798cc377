using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A router, or codec, with filters behind it.</summary>
internal sealed class EP013FilterAfterTerminal : Rule
{
    public override string Id => "EP013";
    public override string Name => "filter-after-terminal";
    public override Severity Severity => Severity.Error;
    public override string Summary => "The router, or upstream of it the codec, is the last filter of its list and not disabled.";
    public override string Why => "Filters behind the one that sends the request on would never run, so Envoy refuses them; a disabled last one would leave nobody to send.";
    public override IReadOnlyList<string> Sources => ["HttpConnectionManager.http_filters", "HttpFilter.disabled"];
    public override string Bad => """
        - name: envoy.filters.http.router # EP013
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
        - name: envoy.filters.http.ext_proc
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service:
              envoy_grpc:
                cluster_name: ext_proc
        - name: envoy.filters.http.router
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router

        """;
    public override string Good => """
        - name: envoy.filters.http.ext_proc
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service:
              envoy_grpc:
                cluster_name: ext_proc
        - name: envoy.filters.http.router
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        context.Policies.Lists.SelectMany(list => Check(list, FilterChainView.Of(list, context.Policies, context.Target)));

    private IEnumerable<Finding> Check(FilterList list, FilterChainView chain)
    {
        if (!chain.HasExtProc)
        {
            yield break;
        }

        foreach (FilterEntry entry in chain.Entries.SkipLast(1).Where(entry => FilterChainView.IsTerminal(entry, list.Place)))
        {
            yield return At(list.Document, entry.Node, $"filters stand after '{entry.Name}', which sends the request on", "move it to the end of the list");
        }

        if (chain.Entries is [.., var last] && FilterChainView.IsTerminal(last, list.Place) && last.Config.Bool("disabled") is { Value: true } disabled)
        {
            yield return At(list.Document, disabled.Place, $"the last filter, '{last.Name}', is disabled", "remove disabled");
        }
    }
}
