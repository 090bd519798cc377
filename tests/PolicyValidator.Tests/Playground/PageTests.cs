using System.Text.Json;
using Envoy.Runner;
using Tests.Shared;

namespace PolicyValidator.Tests.Playground;

/// <summary>The page in a real browser: each case is a function of <c>tests/playground-page/cases.js</c>.</summary>
[Trait("Run", "browser")]
public sealed class PageTests(PageTests.Cases cases) : IClassFixture<PageTests.Cases>
{
    private static readonly string[] Listed =
    [
        "the_founding_case_is_open_with_its_findings_at_their_lines",
        "typing_changes_the_findings_without_a_click",
        "a_late_answer_does_not_replace_a_newer_one",
        "another_target_is_another_verdict",
        "a_pasted_text_says_which_target_it_is_for",
        "an_empty_page_is_not_called_clean",
        "a_finding_leads_to_its_place",
        "a_rule_is_explained_and_its_example_opened",
        "the_fix_is_shown_and_made_and_can_be_taken_back",
        "what_Envoy_gets_is_shown",
        "every_example_can_be_chosen",
        "a_link_brings_text_and_target_back",
        "a_broken_link_says_so",
        "everything_can_be_done_with_the_keyboard",
        "findings_are_announced",
        "what_is_pasted_is_never_markup",
        "a_long_text_stays_usable",
        "the_colour_scheme_follows_the_system_and_the_switch",
        "nothing_is_wider_than_a_phone",
        "axe_finds_nothing_in_light_dark_and_on_a_phone",
        "nothing_is_asked_of_another_host",
        "a_validator_that_is_gone_is_named",
    ];

    public static TheoryData<string> Names => [.. Listed];

    [Fact]
    public void Every_case_is_listed() =>
        Assert.Equal(Listed.Order(StringComparer.Ordinal), cases.Results.Keys.Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Names))]
    public void In_the_browser(string name)
    {
        Assert.True(cases.Results.TryGetValue(name, out Cases.Result? result), $"the browser did not run {name}:\n{cases.Said}");
        Assert.True(result.Ok, result.Detail);
    }

    [Fact]
    public void The_program_ends_when_it_is_told_to() => Assert.Equal(0, cases.ServerExitCode);

    /// <summary>One run of all cases, in one browser against one program.</summary>
    public sealed class Cases : IAsyncLifetime
    {
        private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
        private static readonly string Folder = Repository.PathOf("tests", "playground-page");

        public IReadOnlyDictionary<string, Result> Results { get; private set; } = new Dictionary<string, Result>();

        public string Said { get; private set; } = "";

        public int ServerExitCode { get; private set; } = -1;

        public async Task InitializeAsync()
        {
            TaskCompletionSource<string> url = new(TaskCreationOptions.RunContinuationsAsynchronously);
            string program = Path.Combine(AppContext.BaseDirectory, "policy-validator.dll");
            await using ChildProcess server = ChildProcess.Start("the playground", "dotnet", [program, "playground", "--listen", "127.0.0.1:0"], line =>
            {
                if (line.Split(' ').FirstOrDefault(word => word.StartsWith("http://", StringComparison.Ordinal)) is { } found)
                {
                    url.TrySetResult(found);
                }
            });
            await RunAsync("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", Folder);
            string address = await url.Task.WaitAsync(Patience);
            IReadOnlyList<string> lines = await RunAsync("node", Path.Combine(Folder, "run.js"), address, Repository.PathOf("artifacts", "playground"));
            Results = lines.Where(line => line.StartsWith('{')).Select(line => JsonSerializer.Deserialize<Result>(line, JsonSerializerOptions.Web)!).ToDictionary(result => result.Name);
            server.Terminate();
            ServerExitCode = await server.WaitForExitAsync(Patience) ? server.ExitCode : -1;
        }

        public Task DisposeAsync() => Task.CompletedTask;

        private async Task<IReadOnlyList<string>> RunAsync(string program, params string[] arguments)
        {
            await using ChildProcess process = ChildProcess.Start(program, program, arguments);
            bool ended = await process.WaitForExitAsync(Patience);
            Said += $"{program}: {(ended ? $"exit code {process.ExitCode}" : "did not end")}\n{process.Log.Tail(60)}\n";
            Assert.True(ended && process.ExitCode == 0, Said);
            return process.Log.Lines;
        }

        public sealed record Result(string Name, bool Ok, string Detail);
    }
}
