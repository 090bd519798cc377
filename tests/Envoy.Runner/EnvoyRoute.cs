using System.Text.Json.Nodes;

namespace Envoy.Runner;

/// <summary>Requests of one authority go to one cluster.</summary>
/// <param name="Authority">the virtual host's domain; <c>*</c> takes all that no other takes</param>
/// <param name="Cluster">where they go</param>
public sealed record EnvoyRoute(string Authority, string Cluster)
{
    /// <summary>The start of the path.</summary>
    public string Prefix { get; init; } = "/";

    /// <summary>True for CONNECT requests (RFC 9110 section 9.3.6), which are passed on as CONNECT.</summary>
    public bool IsConnect { get; init; }

    /// <summary>An <c>ExtProcPerRoute</c> without its type, by the name of the filter that it is for.</summary>
    public IReadOnlyDictionary<string, JsonObject> PerRoute { get; init; } = new Dictionary<string, JsonObject>();

    /// <summary>Answers by Envoy itself with this status instead of the cluster.</summary>
    public int? DirectResponseStatus { get; init; }

    internal JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["match"] = IsConnect ? new JsonObject { ["connect_matcher"] = new JsonObject() } : new JsonObject { ["prefix"] = Prefix },
        };
        if (DirectResponseStatus is { } status)
        {
            json["direct_response"] = new JsonObject
            {
                ["status"] = status, ["body"] = new JsonObject { ["inline_string"] = "answered by Envoy" },
            };
        }
        else
        {
            // No limit on the whole exchange: tests that stream take as long as the test takes.
            json["route"] = new JsonObject { ["cluster"] = Cluster, ["timeout"] = "0s" };
        }

        if (PerRoute.Count > 0)
        {
            json["typed_per_filter_config"] = new JsonObject(PerRoute.Select(entry => KeyValuePair.Create<string, JsonNode?>(
                entry.Key, WithType(entry.Value))));
        }

        return json;
    }

    private static JsonObject WithType(JsonObject perRoute)
    {
        var json = perRoute.DeepClone().AsObject();
        json["@type"] = "type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute";
        return json;
    }
}
