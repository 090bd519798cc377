using System.Text;
using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;

namespace PolicyValidator.Fixes;

/// <summary>The EnvoyPatchPolicy that sets the trailer modes for which an Envoy Gateway has no field.</summary>
internal static class TrailerPatchPolicy
{
    /// <summary>The whole document for one Gateway.</summary>
    /// <param name="policy">The policy whose filters it mends.</param>
    /// <param name="listeners">Envoy's listeners, all of one Gateway.</param>
    /// <param name="modes">The filters and the trailer modes to set in them.</param>
    public static string Text(KubernetesObject policy, IReadOnlyList<GatewayListener> listeners, IReadOnlyList<(string FilterName, string Mode)> modes)
    {
        KubernetesObject gateway = listeners[0].Gateway;
        bool saysNamespace = gateway.Value["metadata"]?["namespace"] is not null;
        StringBuilder text = new($"""
            apiVersion: gateway.envoyproxy.io/v1alpha1
            kind: EnvoyPatchPolicy
            metadata:
              name: {policy.Name}-send-trailers
            {(saysNamespace ? $"  namespace: {gateway.Namespace}\n" : "")}spec:
              targetRef:
                group: gateway.networking.k8s.io
                kind: Gateway
                name: {gateway.Name}
              type: JSONPatch
              jsonPatches:

            """);
        foreach ((GatewayListener listener, (string filter, string mode)) in listeners.SelectMany(listener => modes.Select(mode => (listener, mode))))
        {
            text.Append($"""
                  - type: {ListenerPatch.ListenerType}
                    name: {listener.Name}
                    operation:
                      op: add
                      jsonPath: "..http_filters[?(@.name=='{filter}')]"
                      path: /typed_config/processing_mode/{mode}
                      value: SEND

                """);
        }

        return text.ToString();
    }

    /// <summary>The edit that puts documents behind the last one of a YAML text; null for JSON, which has only one.</summary>
    public static TextEdit? Append(SourceDocument document, IEnumerable<string> documents)
    {
        if (document.Format != SourceFormat.Yaml)
        {
            return null;
        }

        string text = document.Source.Text, lineEnd = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        string added = (text.EndsWith('\n') ? "" : "\n") + string.Concat(documents.Select(each => "---\n" + each));
        return new(new(text.Length, text.Length), added.ReplaceLineEndings(lineEnd));
    }
}
