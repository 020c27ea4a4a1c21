using System.Globalization;
using System.Net;
using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>
/// Two user agents over a bad network. SIP_SIM_CALLS sets the number of calls (2,000), SIP_SIM_SEED the seed. Both sides must agree on
/// which calls stand, each call must end exactly once on each side, and nothing may be left in any table.
/// </summary>
public sealed class LossyNetworkTests
{
    static readonly IPEndPoint Caller = new(IPAddress.Parse("192.0.2.1"), 5060);
    static readonly IPEndPoint Phone = new(IPAddress.Parse("192.0.2.2"), 5060);

    static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    [Theory]
    [InlineData(0, 0, 40)]
    [InlineData(0.05, 0.05, 300)]
    [InlineData(0.2, 0.1, 900)]
    public void Both_sides_end_in_the_same_state(double loss, double duplication, int maxDelayMs)
    {
        var seed = Setting("SIP_SIM_SEED", 20_260_000 + maxDelayMs);
        var simulation = new Simulation(new VirtualNetwork(seed, loss, duplication, maxDelayMs));
        simulation.Run(Setting("SIP_SIM_CALLS", 2_000));
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {simulation.Summary}");
        Assert.True(simulation.Faults.Count == 0, $"SIP_SIM_SEED={seed}: {string.Join("; ", simulation.Faults.Take(5))} ({simulation.Faults.Count})");
    }

    /// <summary>What one side knows about one call.</summary>
    sealed class Side
    {
        public bool Stands { get; set; }
        public List<CallEvent> Events { get; } = [];
        public TerminalEvent? End => Events.OfType<TerminalEvent>().FirstOrDefault();
    }

    sealed class Simulation
    {
        /// <summary>From here on nobody starts, changes or ends a call until all messages and timers of before are done.</summary>
        static readonly TimeSpan Quiet = TimeSpan.FromMinutes(20);

        readonly VirtualNetwork network;
        readonly UserAgent caller, phone;
        readonly Dictionary<string, Side> callers = [], phones = [];
        readonly Dictionary<string, string> callIds = [];

        public Simulation(VirtualNetwork network)
        {
            this.network = network;
            caller = new UserAgent(new UserAgentOptions(Caller.ToString()) { Seed = 1 });
            phone = new UserAgent(new UserAgentOptions(Phone.ToString()) { Seed = 2, AcceptsCalls = true });
            network.Add(Caller, caller, OnCaller);
            network.Add(Phone, phone, OnPhone);
        }

        public List<string> Faults { get; } = [];

        public string Summary => string.Join(", ", callers.Values.GroupBy(s => Name(s.End)).Select(g => $"{g.Key} {g.Count()}").Order());

        public void Run(int calls)
        {
            for (var i = 0; i < calls; i++)
            {
                var id = $"call-{i}";
                Later(600, () => Dial(id));
            }
            network.Run(Quiet);
            Compare();
            foreach (var (key, _) in callers.Where(c => c.Value.Stands)) caller.HangUp(key, HangUpReason.Normal, network.Now);
            network.Run(TimeSpan.MaxValue);
            CheckEnds(callers, "caller");
            CheckEnds(phones, "phone");
            CheckEmpty(caller, "caller");
            CheckEmpty(phone, "phone");
        }

        void Dial(string id)
        {
            var attempt = InviteAttempt.Create(id, "sip:a@192.0.2.1", "sip:b@192.0.2.2", Phone, Caller.ToString());
            callers[id] = new Side();
            callIds[attempt.CallId] = id;
            caller.Invite(attempt, new LocalAudio(new IPEndPoint(Caller.Address, 3000), 1).Offer(), null, network.Now);
            // One in five callers loses patience, often while the answer is under way.
            if (network.Chance(0.2)) Later(6, () => caller.HangUp(id, HangUpReason.Normal, network.Now));
        }

        void OnCaller(CallEvent e)
        {
            var side = callers[e.CallKey];
            side.Events.Add(e);
            if (e is TerminalEvent) side.Stands = false;
            if (e is Answered)
            {
                // Some applications take longer than the 2 s that they have.
                Later(network.Chance(0.05) ? 4 : 1, () => side.Stands |= caller.Acknowledge(e.CallKey, network.Now) == CommandResult.Done);
                Talk(caller, e.CallKey, new LocalAudio(new IPEndPoint(Caller.Address, 3002), 1, 2));
            }
        }

        void OnPhone(CallEvent e)
        {
            if (!phones.TryGetValue(e.CallKey, out var side)) phones[e.CallKey] = side = new Side();
            side.Events.Add(e);
            var sdp = new LocalAudio(new IPEndPoint(Phone.Address, 4000), 1).Offer();
            if (e is TerminalEvent) side.Stands = false;
            if (e is Confirmed)
            {
                side.Stands = true;
                Talk(phone, e.CallKey, new LocalAudio(new IPEndPoint(Phone.Address, 4002), 1, 2));
            }
            if (e is not IncomingCall) return;
            if (network.Chance(0.7)) Later(1, () => phone.Ring(e.CallKey, 180, default, network.Now));
            if (network.Chance(0.15)) Later(5, () => phone.Reject(e.CallKey, 486, network.Now));
            else if (network.Chance(0.9)) Later(6, () => phone.Answer(e.CallKey, sdp, network.Now));
        }

        /// <summary>Half of the calls are hung up by this side; some are re-invited before, perhaps by both at a time.</summary>
        void Talk(UserAgent agent, string key, LocalAudio moved)
        {
            if (network.Chance(0.3)) Later(20, () => agent.Reinvite(key, moved.Offer(), network.Now));
            if (network.Chance(0.4)) Later(60, () => agent.HangUp(key, HangUpReason.Normal, network.Now));
        }

        void Later(int maxSeconds, Action action) => network.After(TimeSpan.FromSeconds(network.Random.NextDouble() * maxSeconds), action);

        /// <summary>After the quiet, a call stands on both sides or on none.</summary>
        void Compare()
        {
            var here = callers.Where(c => c.Value.Stands).Select(c => c.Key).ToHashSet();
            var there = phones.Where(p => p.Value.Stands).Select(p => callIds[((IncomingCall)p.Value.Events[0]).Request.CallId]).ToHashSet();
            Faults.AddRange(here.Except(there).Select(id => $"{id} stands at the caller only"));
            Faults.AddRange(there.Except(here).Select(id => $"{id} stands at the phone only"));
            if (here.Count == 0) Faults.Add("no call stands, so nothing was compared");
        }

        void CheckEnds(Dictionary<string, Side> sides, string name)
        {
            foreach (var (key, side) in sides)
            {
                var ends = side.Events.OfType<TerminalEvent>().Count();
                if (ends != 1) Faults.Add($"{name} {key} ended {ends} times");
                else if (side.Events[^1] is not TerminalEvent) Faults.Add($"{name} {key} went on after its end");
            }
        }

        void CheckEmpty(UserAgent agent, string name)
        {
            var left = (agent.Calls, agent.Transactions, agent.Dialogs, agent.PendingTimers);
            if (left != (0, 0, 0, 0)) Faults.Add($"{name} has left {left}");
        }

        static string Name(TerminalEvent? end) => end switch
        {
            Refused refused => $"Refused {refused.Code}",
            Ended ended => $"{ended.Cause}",
            _ => end?.GetType().Name ?? "open",
        };
    }
}
