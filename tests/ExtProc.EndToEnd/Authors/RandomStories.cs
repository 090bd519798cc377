using ExtProc.Abilities;
using ExtProc.Configuration;
using ExtProc.Pipeline;

namespace ExtProc.EndToEnd.Authors;

/// <summary>Pipelines, modes and exchanges by chance, the same for the same seed.</summary>
internal static class RandomStories
{
    private static readonly string[] BodyActs = ["upper", "drop", "inject", "first", "hold", "none", "none"];
    private static readonly string[] OtherActs = ["headers", "trailers", "headers trailers", "none", "none", "skip", "leave", "answer", "throw", "answer-last"];

    private static readonly (BodyNeed Need, BodySendMode[] Modes)[] Needs =
    [
        (BodyNeed.None, [BodySendMode.None, BodySendMode.Streamed, BodySendMode.Buffered, BodySendMode.BufferedPartial, BodySendMode.FullDuplexStreamed]),
        (BodyNeed.Stream(), [BodySendMode.Streamed, BodySendMode.Buffered, BodySendMode.BufferedPartial, BodySendMode.FullDuplexStreamed]),
        (BodyNeed.Stream(holdBytes: 2), [BodySendMode.Buffered, BodySendMode.BufferedPartial, BodySendMode.FullDuplexStreamed]),
        (BodyNeed.Whole(1000), [BodySendMode.Buffered, BodySendMode.FullDuplexStreamed]),
    ];

    public static AuthorScene Scene(int seed)
    {
        var random = new Random(seed);
        var (request, response) = (One(random, Needs), One(random, Needs));
        var pipeline = new PipelineDefinition($"random-{seed}", [new(ProcessorKind.Of<ActingProcessor, ActingOptions>("acting", isShared: true), new ActingOptions(() => request.Need, () => response.Need))]);
        var modes = new ProcessingMode
        {
            RequestBodyMode = One(random, request.Modes), ResponseBodyMode = One(random, response.Modes),
            RequestTrailerMode = HeaderSendMode.Send, ResponseTrailerMode = HeaderSendMode.Send,
        };
        return new AuthorScene(pipeline.Name, pipeline, new EnvoyDeclaration { ProcessingMode = modes });
    }

    public static Story Story(int seed)
    {
        var random = new Random(seed);
        var request = Body(random);
        int status = One(random, [200, 200, 201, 404, 503, 204]);
        var response = status == 204 ? null : Body(random);
        var (requestTrailers, responseTrailers) = (Trailers(random, request), Trailers(random, response));
        return new Story
        {
            Method = request is null ? One(random, ["GET", "POST", "DELETE"]) : "POST",
            RequestHeaders = [("x-acts", $"{Acts(random, "request")} {Acts(random, "response").Replace("response-answer-last", "", StringComparison.Ordinal)}"), .. Lines(random)],
            Request = request,
            RequestTrailers = requestTrailers,
            RequestIsCounted = request is not null && requestTrailers.Length == 0 && random.Next(2) == 0,
            Status = status,
            ResponseHeaders = Lines(random),
            Response = response,
            ResponseTrailers = responseTrailers,
            ResponseIsCounted = response is not null && responseTrailers.Length == 0 && random.Next(2) == 0,
        };
    }

    private static string Acts(Random random, string direction)
    {
        // Whether a processor that has seen enough sees the end too depends on where Envoy cuts the body.
        (string body, string other) = (One(random, BodyActs), One(random, OtherActs));
        return string.Join(' ', $"{body} {(body == "first" && other == "answer-last" ? "none" : other)}".Split(' ').Select(act => $"{direction}-{act}"));
    }

    private static List<byte[]>? Body(Random random) => random.Next(4) == 0
        ? null
        : [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => System.Text.Encoding.ASCII.GetBytes(new string((char)('a' + random.Next(26)), random.Next(1, 20))))];

    private static (string, string)[] Trailers(Random random, List<byte[]>? body) => body is null || random.Next(2) == 0 ? [] : Lines(random);

    private static (string, string)[] Lines(Random random) =>
        [("x-a", "1"), .. Enumerable.Range(0, random.Next(4)).Select(_ => ($"x-{(char)('b' + random.Next(3))}", $"{random.Next(10)}"))];

    private static T One<T>(Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
