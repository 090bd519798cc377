using PolicyValidator.Decoding;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A list of filters that ends in one that cannot answer.</summary>
internal sealed class EP012LastFilterNotTerminal : Rule
{
    public override string Id => "EP012";
    public override string Name => "last-filter-not-terminal";
    public override Severity Severity => Severity.Error;
    public override string Summary => "A list of HTTP filters ends with the router; one upstream of it ends with the codec.";
    public override string Why => "Something has to send the request on. Envoy refuses a chain whose last filter does not.";
    public override IReadOnlyList<string> Sources => ["HttpConnectionManager.http_filters", "Router.upstream_http_filters", "HttpProtocolOptions.http_filters"];
    public override string Bad => """
        - name: envoy.filters.http.ext_proc # EP012
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service:
              envoy_grpc:
                cluster_name: ext_proc

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
        from list in context.Policies.Lists
        where !(list.Document.IsPart && list.ConnectionManager is null) // What it is put into may end with one.
        let chain = FilterChainView.Of(list, context.Policies, context.Target)
        where chain.HasExtProc && chain.Entries.Count > 0
        let last = chain.Entries[^1]
        where FilterChainView.IsSurelyNotTerminal(last)
        select At(list.Document, last.Node, $"the last filter, '{last.Name}', does not send the request on", list.Place == FilterPlace.UpstreamHttpFilters
            ? $"end the list with envoy.filters.http.upstream_codec, of type {TypeUrls.UpstreamCodec}"
            : $"end the list with envoy.filters.http.router, of type {TypeUrls.Router}");
}
