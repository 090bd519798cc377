namespace PolicyValidator.Tests.Cli;

public sealed class PathFlagTests : IDisposable
{
    private readonly TempFolder folder = new();

    public PathFlagTests()
    {
        foreach (string name in (string[])["a.yaml", "b.tpl", "gen/c.yaml", "x/gen/d.yaml", "x/e.json"])
        {
            folder.Write(name, "{}");
        }
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Include_replaces_the_usual_endings() => Assert.Equal(["b.tpl", "x/e.json"], Read("include: ['*.tpl', x/*.json]\n"));

    [Fact]
    public void Exclude_passes_over_files_and_directories()
    {
        Assert.Equal(["a.yaml", "x/e.json"], Read("exclude: [gen]\n"));
        Assert.Equal(["a.yaml", "x/e.json", "x/gen/d.yaml"], Read("exclude: [/gen]\n"));
        Assert.Equal(["a.yaml", "gen/c.yaml", "x/gen/d.yaml"], Read("exclude: ['*.json']\n"));
    }

    [Fact]
    public void Flags_name_paths_from_the_working_directory()
    {
        string gen = Path.GetRelativePath(".", Path.Combine(folder.Path, "gen"));
        Assert.Equal(["gen/c.yaml"], Found("--include", "c.*"));
        Assert.Equal(["a.yaml", "x/e.json"], Found("--exclude", "gen", "--exclude", "nope"));
        Assert.StartsWith("..", gen, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_named_is_read_unless_told_otherwise()
    {
        string named = Path.Combine(folder.Path, "gen", "c.yaml");
        Assert.Contains("c.yaml: clean", Run.Of("lint", named, "--exclude", "gen").Output, StringComparison.Ordinal);
        Assert.Contains("nothing found in 0 files", Run.Of("lint", named, "--exclude", "gen", "--force-exclude").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Standard_input_has_the_name_that_it_is_given()
    {
        const string text = "{processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED}, grpc_service: {envoy_grpc: {cluster_name: p}}}";
        Assert.StartsWith("dir/p.yaml:1:", Run.WithInput(text, "lint", "-", "--stdin-filename", "dir/p.yaml").Output, StringComparison.Ordinal);
        Assert.Contains("EP020", Run.WithInput(text + " # no JSON", "lint", "-", "--stdin-filename", "p.json").Output, StringComparison.Ordinal);
        folder.Write(".policy-validator.yaml", "ignorePaths: [{paths: [x], rules: [EP], reason: not mine}]\n");
        Assert.Contains("suppressed", Run.WithInput(text, "lint", "-", "--stdin-filename", Path.Combine(folder.Path, "x", "p.yaml")).Output, StringComparison.Ordinal);
        Assert.StartsWith("{", Run.WithInput(text, "lint", "--fix", "-", "--stdin-filename", "p.yaml").Output, StringComparison.Ordinal);
    }

    private string[] Read(string config)
    {
        folder.Write(".policy-validator.yaml", config);
        return Found();
    }

    private string[] Found(params string[] flags) =>
    [
        .. Run.Of(["lint", folder.Path, .. flags]).Output.Split('\n')
            .Where(line => line.Contains(": clean", StringComparison.Ordinal))
            .Select(line => Path.GetRelativePath(folder.Path, line[..line.IndexOf(": clean", StringComparison.Ordinal)])),
    ];
}
