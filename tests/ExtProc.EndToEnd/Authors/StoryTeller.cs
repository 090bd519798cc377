using Envoy.Runner;
using ExtProc.Abilities;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Upstream;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd.Authors;

/// <summary>Plays a story with a real client, a real Envoy and a real upstream.</summary>
internal static class StoryTeller
{
    /// <returns>What client and upstream saw, and the exchange's id.</returns>
    public static Task<(string Sight, string TestId)> TellAsync(AuthorLab lab, string scene, Story story, ClientProtocol client, UpstreamProtocol upstream, CancellationToken cancel) =>
        TellAsync(lab.Envoy.PortOf(scene), lab.Upstream, Topology.AuthorityOf(upstream), story, client, cancel);

    /// <summary>The same through whatever listens on a port, with an upstream behind it.</summary>
    public static async Task<(string Sight, string TestId)> TellAsync(int port, UpstreamServer server, string authority, Story story, ClientProtocol client, CancellationToken cancel)
    {
        string testId = Visit.NextTestId();
        server.Answer(testId, (call, ended) => AnswerAsync(story, call, ended));
        var told = new Call(story.Method, story.Path)
        {
            Headers = FieldsOf(story.RequestHeaders), Pieces = story.Request, DeclaresLength = story.RequestIsCounted,
            Trailers = story.RequestTrailers.Count > 0 ? FieldsOf(story.RequestTrailers) : null,
        };
        await using var exchange = await Caller.OpenAsync(client, port, cancel);
        var answer = await Caller.SendAsync(exchange, told.HeadFor(authority, testId), told, cancel);
        return (Sight.Of("client", $"{answer.Status}", answer.Headers, answer.Body, answer.Trailers, answer.CutShort is null) + await UpstreamAsync(server, testId, cancel), testId);
    }

    private static async Task<string> UpstreamAsync(UpstreamServer server, string testId, CancellationToken cancel)
    {
        if (!server.HasSeen(testId))
        {
            return Sight.Of("upstream", "", [], default, [], isWhole: false);
        }

        var seen = await server.SeenAsync(testId, cancel);
        await seen.Ended.WaitAsync(cancel);
        return Sight.Of("upstream", $"{seen.Method} {seen.Path}", seen.Headers, seen.Body, seen.Trailers, seen.Complete);
    }

    private static async Task AnswerAsync(Story story, UpstreamCall call, CancellationToken cancel)
    {
        await call.ReadAllAsync(cancel);
        var headers = FieldsOf(story.ResponseHeaders);
        if (story.Response is null)
        {
            await call.StartAndEndAsync(story.Status, headers, cancel);
            return;
        }

        if (story.ResponseIsCounted)
        {
            headers.Add("content-length", $"{story.Response.Sum(piece => piece.Length)}");
        }

        await call.StartAsync(story.Status, headers, cancel);
        foreach (byte[] piece in story.Response.Where(piece => piece.Length > 0))
        {
            await call.WriteAsync(piece, cancel);
        }

        await call.EndAsync(story.ResponseTrailers.Count > 0 ? FieldsOf(story.ResponseTrailers) : null, cancel);
    }

    private static Fields FieldsOf(IEnumerable<(string Name, string Value)> lines)
    {
        var fields = new Fields();
        foreach ((string name, string value) in lines)
        {
            fields.Add(name, value);
        }

        return fields;
    }
}
