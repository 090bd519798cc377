using PolicyValidator.Tests.Inputs.Grid;
using PolicyValidator.Tests.Oracle;
using Tests.Shared;

namespace PolicyValidator.Tests.Inputs;

/// <summary>
/// We read YAML as the reader whose file it is: thousands of small pieces, and what real Envoys and kubectl read of them. The long runs ask
/// them all again; with <c>UPDATE_GOLDEN=1</c> they record the answers.
/// </summary>
public sealed class ReaderGridTests
{
    private const int EachOf = 60;

    // How often a piece is asked about again that kubectl reads otherwise than recorded.
    private const int Chances = 12;

    private const int PiecesACall = 1_000;
    private const string Oldest = "1.36.4", Newest = "1.40.0";
    private const string ListPath = "tests/PolicyValidator.Tests/Inputs/Data/differences.txt";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(45);

    private static readonly string[] All = [Oldest, Newest, GridCase.Kubectl];

    public static TheoryData<string> Readers { get; } = new(All);

    private static bool Recording => Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1";

    [Theory]
    [MemberData(nameof(Readers))]
    public void No_piece_that_its_reader_refuses_passes_us(string reader) =>
        Assert.Empty(Differences(reader).Where(difference => difference.Theirs is null).Select(difference => difference.ToString()));

    [Fact]
    public void The_pieces_that_we_read_otherwise_are_those_of_the_list() =>
        Golden.File(ListPath, string.Concat(All.SelectMany(Differences).Select(difference => $"{difference}\n")));

    [Fact]
    public void The_readme_says_how_many_they_are() => Golden.Section(
        "src/PolicyValidator/README.md",
        "readers",
        string.Join('\n', [
            "| reader | pieces asked | refused by it | refused by it and not by us | refused by us alone | read otherwise |", "|---|---|---|---|---|---|",
            .. All.Select(Row),
        ]));

    [Fact]
    public void The_grid_holds_what_the_generator_makes_and_every_reader_was_asked()
    {
        Assert.Equal(GridTexts.All, GridCase.All.Select(each => each.Text));
        Assert.All(GridCase.All, each => Assert.Subset(each.Readings.Keys.ToHashSet(), All.ToHashSet()));
        Assert.InRange(GridCase.All.Count, 2_000, int.MaxValue);
    }

    [Theory]
    [MemberData(nameof(AskedEnvoys.Versions), MemberType = typeof(AskedEnvoys))]
    public Task Envoy_reads_one_piece_of_sixty_as_recorded(string version) =>
        AskEnvoyAsync(version, [.. GridTexts.All.Where((_, at) => at % EachOf == 0)]);

    [Theory, Trait("Run", "all")]
    [MemberData(nameof(AskedEnvoys.Versions), MemberType = typeof(AskedEnvoys))]
    public Task Envoy_reads_every_piece_as_recorded(string version) => AskEnvoyAsync(version, GridTexts.All);

    [Fact, Trait("Run", "cluster")]
    public async Task Kubectl_reads_every_piece_as_recorded()
    {
        Dictionary<GridText, string?> readings = [];
        await AskKubectlAsync(readings, GridTexts.All);

        // Of two keys that are different in YAML and become one in JSON, such as 1 and '1', kubectl takes either, by chance.
        Dictionary<GridText, GridCase> recorded = Recording ? [] : GridCase.All.ToDictionary(each => each.Text);
        for (int times = 0; times < Chances; times++)
        {
            await AskKubectlAsync(readings, [.. readings.Where(read => recorded.TryGetValue(read.Key, out GridCase? each) && !each.MayRead(GridCase.Kubectl, read.Value)).Select(read => read.Key)]);
        }

        Compare(GridCase.Kubectl, readings);
    }

    private static async Task AskKubectlAsync(Dictionary<GridText, string?> readings, IEnumerable<GridText> asked)
    {
        foreach (GridText[] texts in asked.Chunk(PiecesACall))
        {
            IReadOnlyList<string?> read = await KubectlPieces.ReadAsync(texts);
            for (int at = 0; at < texts.Length; at++)
            {
                readings[texts[at]] = read[at];
            }
        }
    }

    private static string Row(string reader)
    {
        Difference[] differences = [.. Differences(reader)];
        int falseErrors = differences.Count(each => each.Ours is null), falseCleans = differences.Count(each => each.Theirs is null);
        string name = reader == GridCase.Kubectl ? "kubectl 1.35.2" : $"Envoy {reader}";
        return $"| {name} | {GridCase.All.Count} | {GridCase.All.Count(each => each.Readings[reader] is null)} | {falseCleans} | {falseErrors} | {differences.Length - falseErrors - falseCleans} |";
    }

    private static async Task AskEnvoyAsync(string version, IReadOnlyList<GridText> texts)
    {
        using CancellationTokenSource deadline = new(Deadline);
        await using EnvoyPieces envoy = await EnvoyPieces.StartAsync(version, deadline.Token);
        Dictionary<GridText, string?> readings = [];
        foreach (GridText text in texts)
        {
            readings[text] = await envoy.ReadAsync(text, deadline.Token);
        }

        Compare(version, readings);
    }

    private static void Compare(string reader, Dictionary<GridText, string?> readings)
    {
        if (Recording && readings.Count == GridTexts.All.Count)
        {
            GridCase.Record(reader, readings);
            return;
        }

        Dictionary<GridText, GridCase> recorded = GridCase.All.ToDictionary(each => each.Text);
        Assert.Empty(readings.Where(read => !recorded[read.Key].MayRead(reader, read.Value)).Select(read => $"{read.Key.Quoted}: {reader} reads {read.Value ?? "nothing"}"));
    }

    private static IEnumerable<Difference> Differences(string reader) =>
        from each in GridCase.All
        let theirs = each.Readings[reader]
        let ours = OurPieces.Of(each.Text, reader)
        where ours != theirs
        select new Difference(reader, each.Text, theirs, ours);

    /// <summary>A piece that we read otherwise than its reader.</summary>
    private sealed record Difference(string Reader, GridText Text, string? Theirs, string? Ours)
    {
        public override string ToString() => $"{Reader}\t{Text.Quoted}\tit {(Theirs is null ? "refuses" : $"reads {Theirs}")}, we {(Ours is null ? "refuse" : $"read {Ours}")}";
    }
}
