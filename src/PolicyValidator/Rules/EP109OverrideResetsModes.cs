using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A route whose processing mode was meant to change a part, and resets the rest.</summary>
internal sealed class EP109OverrideResetsModes : Rule
{
    public override string Id => "EP109";
    public override string Name => "override-resets-modes";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "A per-route processing_mode replaces the whole mode, so it has to repeat what should stay.";
    public override string Why =>
        "Envoy does not merge modes. What a per-route processing_mode leaves out gets its default (headers SEND, trailers SKIP, bodies NONE), not what the filter, or a less special per-route configuration, says.";
    public override IReadOnlyList<string> Sources => ["ExtProcOverrides.processing_mode"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
        stat_prefix: http
        route_config:
          virtual_hosts:
          - name: all
            domains: ["*"]
            routes:
            - match: {prefix: /}
              route: {cluster: app}
              typed_per_filter_config:
                ext_proc:
                  "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute
                  overrides:
                    processing_mode: # EP109
                      response_body_mode: STREAMED
        http_filters:
        - name: ext_proc
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            processing_mode:
              request_body_mode: STREAMED
        - name: router
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
        stat_prefix: http
        route_config:
          virtual_hosts:
          - name: all
            domains: ["*"]
            routes:
            - match: {prefix: /}
              route: {cluster: app}
              typed_per_filter_config:
                ext_proc:
                  "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute
                  overrides:
                    processing_mode:
                      request_body_mode: STREAMED
                      response_body_mode: STREAMED
        http_filters:
        - name: ext_proc
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            processing_mode:
              request_body_mode: STREAMED
        - name: router
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        RoutedFilter.All(context.Policies).SelectMany(Resets).OncePerPlace();

    private IEnumerable<Finding> Resets(RoutedFilter routed)
    {
        WrittenMode below = WrittenMode.Of(routed.Filter);
        foreach (ExtProcOverride route in routed.Overrides)
        {
            if (WrittenMode.Of(route) is not { } mode)
            {
                continue;
            }

            string[] reset = [.. ModeFields.All.Where(field => !mode.Config.Has(mode.Path + field) && !ModeFields.IsDefault(below, field))];
            if (reset.Length > 0)
            {
                yield return AtKey(
                    route.Document,
                    mode.Config.PlaceOf("overrides.processing_mode"),
                    $"this processing_mode leaves out {string.Join(", ", reset)}, and so sets {(reset.Length == 1 ? "it" : "them")} back to the default: {string.Join(", ", reset.Select(field => $"{field} was {ModeFields.Effective(below, field)}"))}",
                    $"write out what should stay: {string.Join(", ", reset.Select(field => $"{field}: {ModeFields.Effective(below, field)}"))}") with
                {
                    Related = [RelatedPlace.At(below.Document, below.Config.PlaceOf(below.Path.TrimEnd('.')), "the mode that it replaces")],
                };
            }

            below = mode;
        }
    }
}
