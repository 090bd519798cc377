using Envoy.Runner;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Upstream;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd;

/// <summary>A server that changes nothing changes nothing: every mode, protocol and shape of body, every byte compared.</summary>
public sealed class PassThroughTests(EnvoyLab lab) : LabTests(lab)
{
    private const int LargeBytes = 16 * 1024 * 1024;
    private static readonly int[] BodySizesBytes = [0, 1, 64 * 1024];
    private static readonly bool[] Lengths = [true, false];

    public static TheoryData<string, BodyMode> Modes => Cases.With(Scenes.BodyModes);

    public static TheoryData<string, BodyMode, BodyMode> MixedModes =>
        Cases.With(from request in Scenes.BodyModes from response in Scenes.BodyModes where request != response select (request, response));

    public static TheoryData<string, string> OtherScenes =>
        Cases.With<string>(["unwaited", "observed", "trailers-skipped", "headers-skipped", "response-only"]);

    [Theory]
    [MemberData(nameof(Modes))]
    public Task A_get_without_body_arrives_and_is_answered(string version, BodyMode mode) =>
        OverEachProtocolAsync(version, Scenes.PassThrough(mode), async (visit, client, upstream) =>
        {
            var reply = await visit.SendAsync(client, upstream, Call.Get("/bytes?n=5000"));
            Check.Ok(Pattern.Bytes(5000), reply.Answer);
            var seen = await reply.SeenAsync();
            Assert.Empty(seen.Body);
            Assert.True(seen.Complete);
        });

    [Theory]
    [MemberData(nameof(Modes))]
    public Task A_post_comes_back_byte_by_byte(string version, BodyMode mode) =>
        OverEachProtocolAsync(version, Scenes.PassThrough(mode), async (visit, client, upstream) =>
        {
            foreach (var (size, declaresLength) in from size in BodySizesBytes from declares in Lengths select (size, declares))
            {
                var call = Call.Post("/echo", Pattern.Split(Pattern.Bytes(size), 4, size)) with { DeclaresLength = declaresLength };
                var reply = await visit.SendAsync(client, upstream, call);
                Check.Ok(Pattern.Bytes(size), reply.Answer);
                Assert.True((await reply.SeenAsync()).Complete);
            }
        });

    [Theory]
    [MemberData(nameof(Modes))]
    public Task A_post_of_16_MiB_comes_back_byte_by_byte(string version, BodyMode mode) =>
        OverEachProtocolAsync(version, Scenes.PassThrough(mode), async (visit, client, upstream) =>
        {
            byte[] body = Pattern.Bytes(LargeBytes);
            var call = Call.Post("/echo", Pattern.Split(body, 40, LargeBytes)) with { DeclaresLength = client == ClientProtocol.Http1 };
            Check.Ok(body, (await visit.SendAsync(client, upstream, call)).Answer);
        });

    [Theory]
    [MemberData(nameof(Modes))]
    public Task Trailers_pass_in_both_directions(string version, BodyMode mode) =>
        OverEachProtocolAsync(version, Scenes.PassThrough(mode), async (visit, client, upstream) =>
        {
            var reply = await visit.SendAsync(client, upstream, PostWithTrailers("aaa"u8.ToArray(), "bbb"u8.ToArray()));
            Check.Ok("aaabbb", reply.Answer);
            Assert.Equal("1", (await reply.SeenAsync()).Trailers["x-reqt"]);
            Assert.Equal("1", reply.Answer.Trailers["echo-x-reqt"]);
        });

    [Theory]
    [MemberData(nameof(MixedModes))]
    public Task Each_direction_may_have_its_own_mode(string version, BodyMode request, BodyMode response) =>
        OverEachProtocolAsync(version, Scenes.PassThrough(request, response), async (visit, client, upstream) =>
        {
            byte[] body = Pattern.Bytes(200_000);
            var reply = await visit.SendAsync(client, upstream, PostWithTrailers(Pattern.Split(body, 5, seed: 3)));
            Check.Ok(body, reply.Answer);
            Assert.Equal("1", reply.Answer.Trailers["echo-x-reqt"]);
            Check.Ok(Pattern.Bytes(10), (await visit.SendAsync(client, upstream, Call.Get("/bytes?n=10"))).Answer);
        });

    [Theory]
    [MemberData(nameof(OtherScenes))]
    public Task Other_settings_of_the_filter_change_nothing(string version, string scene) =>
        OverEachProtocolAsync(version, Scenes.Named(scene), async (visit, client, upstream) =>
        {
            byte[] body = Pattern.Bytes(200_000);
            Check.Ok(body, (await visit.SendAsync(client, upstream, Call.Post("/echo", Pattern.Split(body, 5, seed: 4)))).Answer);
            Check.Ok(Pattern.Bytes(10), (await visit.SendAsync(client, upstream, Call.Get("/bytes?n=10"))).Answer);
        });

    [Theory]
    [MemberData(nameof(Modes))]
    public Task Responses_without_a_body_pass(string version, BodyMode mode) =>
        OverEachProtocolAsync(version, Scenes.PassThrough(mode), async (visit, client, upstream) =>
        {
            foreach (int status in (int[])[204, 304])
            {
                Check.Complete(status, [], (await visit.SendAsync(client, upstream, Call.Get($"/status?code={status}"))).Answer);
            }

            Check.Ok([], (await visit.SendAsync(client, upstream, new Call("HEAD", "/status"))).Answer);
            Check.Ok([], (await visit.SendAsync(client, upstream, Call.Get("/empty-chunked"))).Answer);
            Check.Ok([], (await visit.SendAsync(client, upstream, Call.Get("/bytes?n=0"))).Answer);
        });

    [Theory]
    [MemberData(nameof(Modes))]
    public Task Odd_header_values_pass(string version, BodyMode mode) =>
        OverEachProtocolAsync(version, Scenes.PassThrough(mode), async (visit, client, upstream) =>
        {
            var headers = new Fields
            {
                { "x-empty", "" }, { "x-latin", "caf\u00e9" }, { "x-long", new string('a', 8000) }, { "x-twice", "1" }, { "x-twice", "2" },
            };
            var reply = await visit.SendAsync(client, upstream, Call.Get("/bytes?n=1") with { Headers = headers });
            Check.Ok(Pattern.Bytes(1), reply.Answer);
            var seen = (await reply.SeenAsync()).Headers;
            Assert.Equal(new string('a', 8000), seen["x-long"]);
            Assert.Equal("caf\u00e9", seen["x-latin"]);
            Assert.Equal("", seen["x-empty"]);
            Assert.Equal("1,2", seen["x-twice"]);
        });

    private static Call PostWithTrailers(params byte[][] pieces) => Call.Post("/echo", pieces) with
    {
        Trailers = new Fields { { "x-reqt", "1" } },
        Headers = new Fields { { "te", "trailers" } },
    };

    private Task OverEachProtocolAsync(string version, Scene scene, Func<Visit, ClientProtocol, UpstreamProtocol, Task> test) =>
        VisitAsync(version, scene, async visit =>
        {
            foreach (var (client, upstream) in Cases.Protocols)
            {
                await test(visit, client, upstream);
            }
        });
}
