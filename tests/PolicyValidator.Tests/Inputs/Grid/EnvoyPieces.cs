using System.Text.Json.Nodes;
using Envoy.Runner;

namespace PolicyValidator.Tests.Inputs.Grid;

/// <summary>Has a real Envoy read pieces: one process, a file that is replaced for each.</summary>
internal sealed class EnvoyPieces : IAsyncDisposable
{
    private readonly SerialJudge judge;

    private EnvoyPieces(SerialJudge judge) => this.judge = judge;

    public static async Task<EnvoyPieces> StartAsync(string version, CancellationToken cancel) =>
        new(await SerialJudge.StartAsync(EnvoyBinary.Find(version), "yaml", ["upstream"], cancel));

    /// <summary>What Envoy reads, as <see cref="PieceJson"/> writes it; null when it refuses the file.</summary>
    public async Task<string?> ReadAsync(GridText text, CancellationToken cancel)
    {
        int number = judge.NextNumber();
        return await judge.AcceptsAsync(text.EnvoyFile(number), cancel) ? Found(await judge.ConfigDumpAsync(cancel), $"{number}") : null;
    }

    public ValueTask DisposeAsync() => judge.DisposeAsync();

    private static string Found(JsonNode dump, string number)
    {
        JsonNode? piece = dump["configs"]!.AsArray()
            .SelectMany(part => part!["dynamic_listeners"]?.AsArray() ?? [])
            .SelectMany(listener => new[] { listener!["warming_state"], listener["active_state"] })
            .FirstOrDefault(state => (string?)state?["version_info"] == number)?["listener"]?["metadata"]?["filter_metadata"]?["piece"];
        return piece is null ? PieceJson.NotRead : PieceJson.Of(piece);
    }
}
