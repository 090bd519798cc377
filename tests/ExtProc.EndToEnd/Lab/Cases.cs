using Envoy.Runner;
using ExtProc.EndToEnd.Clients;

namespace ExtProc.EndToEnd.Lab;

/// <summary>Theory data: every Envoy release with every value of what a test varies.</summary>
public static class Cases
{
    public static readonly IReadOnlyList<(ClientProtocol Client, UpstreamProtocol Upstream)> Protocols =
    [
        .. from client in Enum.GetValues<ClientProtocol>() from upstream in Enum.GetValues<UpstreamProtocol>() select (client, upstream),
    ];

    /// <summary>Modes in which a body passes without waiting for its end.</summary>
    public static readonly IReadOnlyList<BodyMode> Flowing = [BodyMode.None, BodyMode.Streamed, BodyMode.FullDuplexStreamed];

    /// <summary>Modes in which the server is shown the body.</summary>
    public static readonly IReadOnlyList<BodyMode> Shown =
        [BodyMode.Streamed, BodyMode.Buffered, BodyMode.BufferedPartial, BodyMode.FullDuplexStreamed];

    public static TheoryData<string, T> With<T>(IEnumerable<T> values)
    {
        var data = new TheoryData<string, T>();
        foreach (var (version, value) in from version in Versions.Tested from value in values select (version, value))
        {
            data.Add(version, value);
        }

        return data;
    }

    public static TheoryData<string, T1, T2> With<T1, T2>(IEnumerable<(T1 First, T2 Second)> values)
    {
        var data = new TheoryData<string, T1, T2>();
        foreach (var (version, value) in from version in Versions.Tested from value in values select (version, value))
        {
            data.Add(version, value.First, value.Second);
        }

        return data;
    }
}
