using System.Text.Json;

namespace ExtProc.Samples;

/// <summary>Chooses the route by what the body says: the headers are still here when the body has come.</summary>
public sealed class RouteByModel : Processor
{
    public override void DeclareNeeds(Needs needs) => needs.RequestBody = BodyNeed.Whole(limitBytes: 1 << 20) with
    {
        Reads = BodyTypes.Json with { Untyped = true },
    };

    public override ValueTask<Verdict> OnRequestBodyAsync(Exchange exchange, Body body, CancellationToken cancellation)
    {
        if (body.Length == 0)
        {
            return Verdict.Continue; // a request without a body comes here once, too
        }

        using var json = JsonDocument.Parse(body.Memory); // not JSON: it throws, and onError decides
        if (!json.RootElement.TryGetProperty("model", out JsonElement model))
        {
            return Verdict.Respond(400, "no \"model\" in the body");
        }

        exchange.RouteBy("x-model", model.GetString()!);
        return Verdict.Continue;
    }
}
