//! From a scenario to an assessment: plan, run, judge, roll up, compare.
