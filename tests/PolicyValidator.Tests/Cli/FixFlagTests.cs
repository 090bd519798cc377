using System.Text;
using PolicyValidator.Cli;

namespace PolicyValidator.Tests.Cli;

public sealed class FixFlagTests : IDisposable
{
    private const string Fixable = """
        # kept
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED}

        """;

    private static readonly string Done = Fixable.Replace("STREAMED}", "STREAMED, request_trailer_mode: SEND}", StringComparison.Ordinal);
    private static readonly string Explicit = Fixable.Replace("STREAMED}", "STREAMED, request_trailer_mode: SKIP}", StringComparison.Ordinal);

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Fix_writes_in_place_and_exits_by_what_remains()
    {
        string path = folder.Write("a.yaml", Fixable), chosen = folder.Write("b.yaml", Explicit);
        Assert.Equal(ExitCode.Clean, Run.Of("lint", "--fix", path).ExitCode);
        Assert.Equal(Done, File.ReadAllText(path));
        Assert.Equal(ExitCode.Findings, Run.Of("lint", "--fix", path, chosen).ExitCode);
        Assert.Equal(Explicit, File.ReadAllText(chosen));
        Assert.Equal(ExitCode.Clean, Run.Of("lint", "--fix", "--unsafe-fixes", chosen).ExitCode);
        Assert.Equal(Done, File.ReadAllText(chosen));
    }

    [Fact]
    public void Without_fix_nothing_is_written()
    {
        string path = folder.Write("a.yaml", Fixable);
        Assert.Equal(ExitCode.Findings, Run.Of("lint", path).ExitCode);
        Assert.Equal(ExitCode.Findings, Run.Of("lint", "--unsafe-fixes", path).ExitCode);
        Assert.Equal(Fixable, File.ReadAllText(path));
    }

    [Fact]
    public void Standard_input_is_fixed_to_standard_output_and_the_report_goes_to_standard_error()
    {
        Run run = Run.WithInput(Fixable, "lint", "--fix", "-");
        Assert.Equal((ExitCode.Clean, Done), (run.ExitCode, run.Output));
        Assert.Contains("1 fix made", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Diff_prints_and_writes_nothing_and_exits_1_when_it_would_change_something()
    {
        string path = folder.Write("a.yaml", Fixable), clean = folder.Write("b.yaml", Done);
        Run run = Run.Of("lint", "--diff", path, clean);
        Assert.Equal(ExitCode.Findings, run.ExitCode);
        Assert.Equal($"""
            --- {path}
            +++ {path}
            @@ -1,4 +1,4 @@
             # kept
             "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
             grpc_service: {"{"}envoy_grpc: {"{"}cluster_name: processor{"}}"}
            -processing_mode: {"{"}request_body_mode: FULL_DUPLEX_STREAMED{"}"}
            +processing_mode: {"{"}request_body_mode: FULL_DUPLEX_STREAMED, request_trailer_mode: SEND{"}"}

            """, run.Output);
        Assert.Equal(Fixable, File.ReadAllText(path));
        Assert.Equal((ExitCode.Clean, ""), (Run.Of("lint", "--diff", clean).ExitCode, Run.Of("lint", "--diff", clean).Output));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void A_byte_order_mark_a_link_and_the_permissions_survive()
    {
        string path = folder.Write("real.yaml", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Fixable)]), link = Path.Combine(folder.Path, "link.yaml");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        File.CreateSymbolicLink(link, path);
        Assert.Equal(ExitCode.Clean, Run.Of("lint", "--fix", link).ExitCode);
        Assert.Equal([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Done)], File.ReadAllBytes(path));
        Assert.Equal(path, new FileInfo(link).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead, File.GetUnixFileMode(path));
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void Every_document_of_a_file_is_fixed()
    {
        string path = folder.Write("many.yaml", $"---\n{Fixable}---\na: b\n---\n{Fixable}");
        Assert.Equal(ExitCode.Clean, Run.Of("lint", "--fix", path).ExitCode);
        Assert.Equal($"---\n{Done}---\na: b\n---\n{Done}", File.ReadAllText(path));
    }

    [Fact]
    public void Select_and_ignore_choose_the_rules_and_fail_on_the_exit_code()
    {
        string path = folder.Write("a.yaml", Fixable.Replace("processing_mode", "deferred_close_timeout: 1s\nprocessing_mode", StringComparison.Ordinal));
        Assert.Contains("EP001", Run.Of("lint", path).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Clean, Run.Of("lint", "--select", "EP1", path).ExitCode);
        Assert.Equal(ExitCode.Findings, Run.Of("lint", "--select", "EP1", "--fail-on", "warning", path).ExitCode);
        Assert.Equal(ExitCode.Clean, Run.Of("lint", "--ignore", "full-duplex-needs-trailers", path).ExitCode);
        Assert.Equal(ExitCode.Findings, Run.Of("lint", "--ignore", "ep115", path).ExitCode);
    }
}
