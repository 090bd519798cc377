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

    public static TheoryData<string, BodyMode, ClientProtocol, UpstreamProtocol> ModesAndProtocols => Matrix(Versions.Tested);

    [Theory]
    [MemberData(nameof(ModesAndProtocols))]
    public Task A_get_without_body_arrives_and_is_answered(string version, BodyMode mode, ClientProtocol client, UpstreamProtocol upstream) =>
        VisitAsync(version, Scenes.PassThrough(mode), async visit =>
        {
            var reply = await visit.SendAsync(client, upstream, Call.Get("/bytes?n=5000"));
            Assert.Equal(200, reply.Answer.Status);
            Assert.Equal(Pattern.Bytes(5000), reply.Answer.Body);
            Assert.Null(reply.Answer.CutShort);
            var seen = await reply.SeenAsync();
            Assert.Empty(seen.Body);
            Assert.True(seen.Complete);
        });

    [Theory]
    [MemberData(nameof(ModesAndProtocols))]
    public Task A_post_comes_back_byte_by_byte(string version, BodyMode mode, ClientProtocol client, UpstreamProtocol upstream) =>
        VisitAsync(version, Scenes.PassThrough(mode), async visit =>
        {
            foreach (int size in BodySizesBytes)
            {
                foreach (bool declaresLength in Lengths)
                {
                    byte[] body = Pattern.Bytes(size);
                    var call = Call.Post("/echo", Pattern.Split(body, 4, size)) with { DeclaresLength = declaresLength };
                    var reply = await visit.SendAsync(client, upstream, call);
                    AssertEchoed(body, reply.Answer);
                    Assert.True((await reply.SeenAsync()).Complete);
                }
            }
        });

    [Theory]
    [MemberData(nameof(ModesAndProtocols))]
    public Task A_large_post_comes_back_byte_by_byte(string version, BodyMode mode, ClientProtocol client, UpstreamProtocol upstream) =>
        VisitAsync(version, Scenes.PassThrough(mode), async visit =>
        {
            byte[] body = Pattern.Bytes(LargeBytes);
            var call = Call.Post("/echo", Pattern.Split(body, 40, LargeBytes)) with { DeclaresLength = client == ClientProtocol.Http1 };
            var reply = await visit.SendAsync(client, upstream, call);
            AssertEchoed(body, reply.Answer);
        });

    [Theory]
    [MemberData(nameof(ModesAndProtocols))]
    public Task Trailers_pass_in_both_directions(string version, BodyMode mode, ClientProtocol client, UpstreamProtocol upstream) =>
        VisitAsync(version, Scenes.PassThrough(mode), async visit =>
        {
            var call = Call.Post("/echo", "aaa"u8.ToArray(), "bbb"u8.ToArray()) with
            {
                Trailers = new Fields { { "x-reqt", "1" } },
                Headers = new Fields { { "te", "trailers" } },
            };
            var reply = await visit.SendAsync(client, upstream, call);
            AssertEchoed("aaabbb"u8.ToArray(), reply.Answer);
            Assert.Equal("1", (await reply.SeenAsync()).Trailers["x-reqt"]);
            Assert.Equal("1", reply.Answer.Trailers["echo-x-reqt"]);
        });

    private static void AssertEchoed(byte[] body, Answer answer)
    {
        Assert.Equal(200, answer.Status);
        Assert.Null(answer.CutShort);
        Assert.True(body.AsSpan().SequenceEqual(answer.Body), $"{body.Length} bytes went out, {answer.Body.Length} bytes or others came back");
    }

    private static TheoryData<string, BodyMode, ClientProtocol, UpstreamProtocol> Matrix(IEnumerable<string> versions)
    {
        var data = new TheoryData<string, BodyMode, ClientProtocol, UpstreamProtocol>();
        foreach (var (version, mode, client, upstream) in
            from version in versions
            from mode in Scenes.BodyModes
            from client in Enum.GetValues<ClientProtocol>()
            from upstream in Enum.GetValues<UpstreamProtocol>()
            select (version, mode, client, upstream))
        {
            data.Add(version, mode, client, upstream);
        }

        return data;
    }
}
