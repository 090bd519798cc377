using PolicyValidator.Cli;
using PolicyValidator.Tests.Cli;

namespace PolicyValidator.Tests.Robustness;

/// <summary>Who may change a checkout cannot have files of the machine read, shown or written that lie outside of it.</summary>
public sealed class BoundaryTests : IDisposable
{
    private const string Private = "not: for: logs-4711: [";

    private const string Bad = """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED}

        """;

    private readonly TempFolder folder = new();
    private readonly string checkout, outside;

    public BoundaryTests()
    {
        (checkout, outside) = (Path.Combine(folder.Path, "checkout"), folder.Write("outside/private.yaml", Private));
        folder.Write("checkout/.git/HEAD", "ref\n");
        folder.Write("checkout/policies/p.yaml", Bad);
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("/proc/self/environ")]
    [InlineData("/etc/passwd")]
    [InlineData("../../outside/private.yaml")]
    [InlineData("step.yaml")]
    public void A_link_that_leads_out_is_not_read(string target)
    {
        File.CreateSymbolicLink(Path.Combine(checkout, "policies", "step.yaml.link"), outside);
        File.CreateSymbolicLink(Path.Combine(checkout, "policies", "step.yaml"), "step.yaml.link");
        File.CreateSymbolicLink(Path.Combine(checkout, "policies", "link.yaml"), target);
        Run run = Run.Of("lint", checkout);
        Assert.Contains("link.yaml", Assert.Single(run.Output.Split('\n'), line => line.StartsWith("passed over", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("link.yaml:", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_inside_of_the_checkout_is_read()
    {
        string target = folder.Write("checkout/shared/real.txt", "a: b\n");
        File.CreateSymbolicLink(Path.Combine(checkout, "policies", "link.yaml"), target);
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "named"), Path.Combine(checkout, "policies"));
        Assert.Contains("link.yaml: clean", Run.Of("lint", Path.Combine(checkout, "policies")).Output, StringComparison.Ordinal);
        Assert.Contains("link.yaml: clean", Run.Of("lint", Path.Combine(folder.Path, "named")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("/proc/self/environ")]
    [InlineData("/nowhere/at/all.json")]
    [InlineData("../outside/private.yaml")]
    [InlineData("policies/../../outside/private.yaml")]
    [InlineData("link.json")]
    [InlineData("linked/private.yaml")]
    public void A_baseline_of_the_settings_that_leads_out_is_refused_before_it_is_looked_at(string baseline)
    {
        File.CreateSymbolicLink(Path.Combine(checkout, "link.json"), outside);
        Directory.CreateSymbolicLink(Path.Combine(checkout, "linked"), Path.GetDirectoryName(outside)!);
        folder.Write("checkout/.policy-validator.yaml", $"baseline: {baseline}\n");
        foreach (string[] flags in (string[][])[[], ["--write-baseline"]])
        {
            Run run = Run.Of(["lint", .. flags, checkout]);
            Assert.Equal(ExitCode.Trouble, run.ExitCode);
            Assert.Contains("leads out of", run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("4711", run.Output + run.Error, StringComparison.Ordinal);
        }

        Assert.Equal(Private, File.ReadAllText(outside));
    }

    [Fact]
    public void Settings_behind_a_link_that_leads_out_are_refused_unseen()
    {
        File.CreateSymbolicLink(Path.Combine(checkout, ".policy-validator.yaml"), outside);
        Run run = Run.Of("lint", checkout);
        Assert.Equal(ExitCode.Trouble, run.ExitCode);
        Assert.Contains("leads out of", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_baseline_cannot_ask_which_files_the_machine_has()
    {
        string Entry(string path) => $$"""{"fingerprint": "1", "rule": "EP001", "path": "{{path}}", "message": "m"}""";
        string known = folder.Write("checkout/known.json", $$"""{"version": 1, "findings": [{{Entry("/etc/passwd")}}, {{Entry("/etc/no-such-file")}}, {{Entry("../outside/private.yaml")}}]}""");
        string[] stale = Run.Of("lint", checkout, "--baseline", known).Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, stale.Count(line => line.Contains("stale: ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("folder", "folder", false)]
    [InlineData("folder", "folder/a.yaml", false)]
    [InlineData("folder", "folder", true)]
    [InlineData("folder", "folder/a.yaml", true)]
    [InlineData("folder", "policies/../folder/sub/../a.yaml", true)]
    [InlineData("folder/a.yaml", "a.yaml", false)]
    public void What_is_named_is_not_reached_by_a_link_of_a_checkout_that_leads_out(string target, string name, bool isCheckout)
    {
        string other = folder.Write("folder/a.yaml", Bad), own = Path.Combine(folder.Path, target);
        folder.Write("folder/sub/b.yaml", Bad);
        File.CreateSymbolicLink(Path.Combine(checkout, Path.GetFileName(target)), own);
        if (isCheckout)
        {
            folder.Write("folder/.git/HEAD", "ref\n");
        }

        string named = Path.Combine(checkout, name);
        foreach (string[] flags in (string[][])[[], ["--fix"], ["--diff"]])
        {
            Run run = Run.Of(["lint", .. flags, named]);
            Assert.Equal(ExitCode.Trouble, run.ExitCode);
            Assert.Contains($"{named}: leads out of {checkout}: ", run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("FULL_DUPLEX", run.Output, StringComparison.Ordinal);
        }

        Assert.Equal(Bad, File.ReadAllText(other));
        Assert.Equal(ExitCode.Findings, Run.Of("lint", own).ExitCode);
    }

    [Theory]
    [InlineData("linked/report.json")]
    [InlineData("linked/deeper/report.json")]
    public void A_link_to_another_checkout_leads_out_too(string name)
    {
        folder.Write("outside/.git/HEAD", "ref\n");
        folder.Write("outside/deeper/a.txt", "");
        Directory.CreateSymbolicLink(Path.Combine(checkout, "linked"), Path.Combine(folder.Path, "outside"));
        string report = Path.Combine(checkout, name), policies = Path.Combine(checkout, "policies");
        Assert.Contains("cannot be written: leads out of", Run.Of("lint", policies, "--report", $"json={report}").Error, StringComparison.Ordinal);
        Assert.Contains("cannot be written: leads out of", Run.Of("lint", policies, "--baseline", report, "--write-baseline").Error, StringComparison.Ordinal);
        folder.Write("outside/.policy-validator.yaml", Private);
        Run run = Run.Of("lint", Path.Combine(checkout, "linked"));
        Assert.Equal(ExitCode.Trouble, run.ExitCode);
        Assert.DoesNotContain("4711", run.Output + run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(report));
    }

    [Fact]
    public void Links_of_nobodys_checkout_and_into_a_submodule_are_a_persons_own()
    {
        folder.Write("checkout/module/.git", "gitdir: elsewhere\n");
        folder.Write("checkout/module/m.yaml", Bad);
        Directory.CreateSymbolicLink(Path.Combine(checkout, "short"), "module");
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "work"), checkout);
        foreach (string named in (string[])["checkout/short", "checkout/short/m.yaml", "work/short", "work/policies", "work/short/m.yaml"])
        {
            Assert.Contains("1 error in 1 file", Run.Of("lint", Path.Combine(folder.Path, named)).Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_baseline_that_names_a_ring_of_links_is_stale()
    {
        File.CreateSymbolicLink(Path.Combine(checkout, "ring.yaml"), "ring.yaml");
        string known = folder.Write("checkout/known.json", """{"version": 1, "findings": [{"fingerprint": "1", "rule": "EP001", "path": "ring.yaml", "message": "m"}]}""");
        Assert.Contains("stale: EP001 in ring.yaml", Run.Of("lint", checkout, "--baseline", known).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_command_line_names_may_lie_anywhere()
    {
        string policy = Path.Combine(checkout, "policies", "p.yaml"), baseline = Path.Combine(folder.Path, "outside", "known.json");
        Assert.Equal(ExitCode.Clean, Run.Of("lint", policy, "--baseline", baseline, "--write-baseline").ExitCode);
        Assert.Equal(ExitCode.Clean, Run.Of("lint", policy, "--baseline", baseline).ExitCode);
    }

    [Fact]
    public void A_kustomization_above_the_checkout_decides_nothing()
    {
        folder.Write("kustomization.yaml", "patches: [{path: checkout/policies/p.yaml}]\n");
        Assert.Equal(ExitCode.Findings, Run.Of("lint", checkout).ExitCode);
        folder.Write("checkout/kustomization.yaml", "patches: [{path: policies/p.yaml}]\n");
        Assert.Equal(ExitCode.Clean, Run.Of("lint", checkout).ExitCode);
    }

    [Theory]
    [InlineData("--fix")]
    [InlineData("--report")]
    [InlineData("--baseline")]
    public void Nothing_is_written_through_a_link_that_leads_out(string flag)
    {
        string target = folder.Write("outside/target", Bad), link = Path.Combine(checkout, "out.yaml");
        File.CreateSymbolicLink(link, target);
        Run run = flag switch
        {
            "--fix" => Run.Of("lint", "--fix", link),
            "--report" => Run.Of("lint", checkout, "--report", $"json={link}"),
            _ => Run.Of("lint", checkout, "--baseline", link, "--write-baseline"),
        };
        Assert.Equal(ExitCode.Trouble, run.ExitCode);
        Assert.Contains("leads out of", run.Error, StringComparison.Ordinal);
        Assert.Equal(Bad, File.ReadAllText(target));
    }

    [Theory]
    [InlineData("out/report.json")]
    [InlineData("dangling.json")]
    public void No_file_is_made_outside_by_a_link(string name)
    {
        string made = Path.Combine(folder.Path, "outside", "report.json");
        Directory.CreateSymbolicLink(Path.Combine(checkout, "out"), Path.GetDirectoryName(made)!);
        File.CreateSymbolicLink(Path.Combine(checkout, "dangling.json"), made);
        Run run = Run.Of("lint", checkout, "--report", $"json={Path.Combine(checkout, name)}");
        Assert.Equal(ExitCode.Trouble, run.ExitCode);
        Assert.False(File.Exists(made));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void A_fix_keeps_the_permissions_and_leaves_nothing_beside_the_file()
    {
        string policy = Path.Combine(checkout, "policies", "p.yaml");
        File.SetUnixFileMode(policy, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        Assert.Equal(ExitCode.Clean, Run.Of("lint", "--fix", policy).ExitCode);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, File.GetUnixFileMode(policy));
        Assert.Equal([policy], Directory.GetFiles(Path.GetDirectoryName(policy)!));
    }
}
