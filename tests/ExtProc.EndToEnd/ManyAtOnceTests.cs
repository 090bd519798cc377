using Envoy.Runner;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Upstream;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd;

/// <summary>Two hundred exchanges at once, of random sizes and splits, every byte compared.</summary>
public sealed class ManyAtOnceTests(EnvoyLab lab) : LabTests(lab)
{
    private const int Exchanges = 200;
    private const int MostBytes = 150_000;

    public static TheoryData<string, BodyMode> Modes => Cases.With(Scenes.BodyModes);

    [Theory]
    [MemberData(nameof(Modes))]
    public Task No_exchange_sees_a_byte_of_another(string version, BodyMode mode) => VisitAsync(version, Scenes.PassThrough(mode), async visit =>
    {
        await using var shared = await Http2Connection.OpenAsync(visit.Port, visit.Cancel);
        await Task.WhenAll(Enumerable.Range(0, Exchanges).Select(number => EchoAsync(visit, shared, number)));
    });

    private static async Task EchoAsync(Visit visit, Http2Connection shared, int number)
    {
        var random = new Random(number);
        byte[] body = Pattern.Bytes(random.Next(MostBytes), number);
        var (client, upstream) = Cases.Protocols[number % Cases.Protocols.Count];
        var exchange = client == ClientProtocol.Http2 ? new Http2Exchange(shared, ownsConnection: false) : await visit.OpenAsync(client);
        var call = Call.Post("/echo", Pattern.Split(body, random.Next(1, 12), number)) with { DeclaresLength = random.Next(2) == 0 };
        var answer = await Caller.SendAsync(exchange, call.HeadFor(Topology.AuthorityOf(upstream), Visit.NextTestId()), call, visit.Cancel);
        Check.Ok(body, answer);
    }
}
